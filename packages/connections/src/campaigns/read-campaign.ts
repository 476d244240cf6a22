import type { TemporalClient } from '../connect-temporal.js';
import { hasCode, ProbityError } from '@probity/core/errors';
import { artifactRefSchema, type ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { campaignSpecSchema, type CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { campaignStateSchema, type CampaignState } from '@probity/core/schemas/campaign-state';
import { CAMPAIGN_WORKFLOW, campaignStateQuery } from '@probity/workflows/messages';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import { answeredInTime } from './answered-in-time.js';
import { fromTemporal, rootFailure } from './temporal-errors.js';

/** Temporal's word for how a workflow stands, without the one that only a run can have. */
export type CampaignStatus = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out';

export interface CampaignView {
  readonly id: string;
  readonly status: CampaignStatus;
  readonly spec: CampaignSpec;
  readonly dataset: ArtifactRef;
  readonly state: CampaignState;
  /** Of the first run, ISO 8601. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Why a failed campaign failed. */
  readonly failure?: { readonly message: string; readonly code?: string };
}

const requestSchema = z.object({ spec: campaignSpecSchema, dataset: artifactRefSchema });

/** All that Temporal knows of a campaign. @throws {ProbityError} `CAMPAIGN_MISSING`, `STACK_DOWN` */
export async function readCampaign(temporal: TemporalClient, id: string): Promise<CampaignView> {
  const description = await describeCampaign(temporal, id);
  const status = statusOf(description.status.name);
  const { spec, dataset } = await readRequest(temporal, id);
  const state = await readState(temporal, id, status);
  const failure = status === 'failed' || status === 'timed-out' ? await readFailure(temporal, id) : undefined;
  return {
    id,
    status,
    spec,
    dataset,
    state,
    startedAt: await readStart(temporal, description),
    ...(description.closeTime !== undefined && { endedAt: description.closeTime.toISOString() }),
    ...(failure !== undefined && { failure }),
  };
}

export async function describeCampaign({ client }: TemporalClient, id: string): Promise<WorkflowExecutionDescription> {
  const description = await client.workflow
    .getHandle(id)
    .describe()
    .catch((error: unknown) => {
      const known = fromTemporal(error, id);
      if (hasCode(known, 'CAMPAIGN_MISSING')) throw missing(id, error);
      throw known;
    });
  if (description.type !== CAMPAIGN_WORKFLOW) throw missing(id);
  return description;
}

/** Each round is a run of the workflow: the campaign began with the first one, if Temporal still keeps it. */
async function readStart(
  { client }: TemporalClient,
  { workflowId, startTime, raw }: WorkflowExecutionDescription,
): Promise<string> {
  const firstRunId = raw.workflowExecutionInfo?.firstRunId;
  if (!firstRunId) return startTime.toISOString();
  const first = await client.workflow
    .getHandle(workflowId, firstRunId)
    .describe()
    .catch(() => undefined);
  return (first?.startTime ?? startTime).toISOString();
}

const missing = (id: string, cause?: unknown): ProbityError =>
  new ProbityError(
    'CAMPAIGN_MISSING',
    `Cannot find campaign "${id}": there is none of that id; "probity campaign list" shows those there are`,
    { details: { id }, cause },
  );

/** The state: of a completed campaign its result, which needs no worker; else the worker's answer. */
export async function readState(temporal: TemporalClient, id: string, status: CampaignStatus): Promise<CampaignState> {
  const handle = temporal.client.workflow.getHandle(id);
  try {
    const state: unknown =
      status === 'completed'
        ? await handle.result()
        : await answeredInTime(temporal, () => handle.query(campaignStateQuery));
    return campaignStateSchema.parse(state);
  } catch (error) {
    throw fromTemporal(error, id);
  }
}

/** What the campaign was started with: the argument in the first event of its history. */
async function readRequest(
  { connection, namespace }: TemporalClient,
  id: string,
): Promise<z.infer<typeof requestSchema>> {
  const { history } = await connection.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId: id },
    maximumPageSize: 1,
  });
  const input = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (!input) throw new Error(`Bug: the history of campaign "${id}" does not begin with its request`);
  return requestSchema.parse(defaultPayloadConverter.fromPayload(input));
}

async function readFailure({ client }: TemporalClient, id: string): Promise<NonNullable<CampaignView['failure']>> {
  try {
    await client.workflow.getHandle(id).result();
  } catch (error) {
    return rootFailure(error);
  }
  throw new Error(`Bug: campaign "${id}" failed and has a result`);
}

export function statusOf(name: string): CampaignStatus {
  switch (name) {
    case 'COMPLETED':
    case 'FAILED':
    case 'CANCELLED':
    case 'TERMINATED':
      return name.toLowerCase() as CampaignStatus;
    case 'TIMED_OUT':
      return 'timed-out';
    default:
      return 'running'; // also while one run hands over to the next
  }
}
