import type { TemporalClient } from '../connect-temporal.js';
import { jobProgressSchema, type JobProgress } from '@probity/core/schemas/campaign-state';
import { SWEEP_WORKFLOW } from '@probity/workflows/messages';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

type PendingActivity = NonNullable<NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number]>;

/** `temporal.api.enums.v1.PendingActivityState`. */
const STARTED = 2;

/** A step that was asked for and has no result yet. */
export interface RunningStep {
  /** Of the campaign or of one of its sweeps, with Temporal's number of the step: stays the same while it runs. */
  readonly key: string;
  readonly activityId: string;
  /** The activity's name, `trainTrunk`. */
  readonly activity: string;
  /** `waiting`: for a free slot, or to be tried again. */
  readonly state: 'running' | 'waiting';
  readonly attempt: number;
  readonly progress?: JobProgress;
  /** Why the attempt before failed. */
  readonly lastFailure?: { readonly message: string; readonly code?: string };
}

/** The steps under way, of the campaign and of its sweeps, as their workers last reported them. */
export async function readRunningSteps(
  temporal: TemporalClient,
  campaign: WorkflowExecutionDescription,
): Promise<RunningStep[]> {
  const sweeps = (campaign.raw.pendingChildren ?? []).filter(
    ({ workflowTypeName }) => workflowTypeName === SWEEP_WORKFLOW,
  );
  const described = await Promise.all(
    // A sweep may end between the two questions.
    sweeps.map(({ workflowId }) =>
      temporal.client.workflow
        .getHandle(workflowId!)
        .describe()
        .catch(() => undefined),
    ),
  );
  return [campaign, ...described].flatMap((description) => (description === undefined ? [] : stepsOf(description)));
}

/** The steps under way of one run. */
export function stepsOf({ workflowId, raw }: WorkflowExecutionDescription): RunningStep[] {
  return (raw.pendingActivities ?? []).map((activity): RunningStep => {
    const progress = progressOf(activity);
    const failure = failureOf(activity);
    return {
      key: `${workflowId}#${activity.activityId}`,
      activityId: activity.activityId ?? '',
      activity: activity.activityType?.name ?? '',
      state: activity.state === STARTED ? 'running' : 'waiting',
      attempt: activity.attempt ?? 1,
      ...(progress !== undefined && { progress }),
      ...(failure !== undefined && { lastFailure: failure }),
    };
  });
}

/** Heartbeats of an older worker may look otherwise: a bar is then missing, the campaign is not hurt. */
function progressOf({ heartbeatDetails }: PendingActivity): JobProgress | undefined {
  const payload = heartbeatDetails?.payloads?.[0];
  if (!payload) return undefined;
  const parsed = jobProgressSchema.safeParse(defaultPayloadConverter.fromPayload(payload));
  return parsed.success ? parsed.data : undefined;
}

function failureOf({ lastFailure }: PendingActivity): RunningStep['lastFailure'] {
  if (!lastFailure?.message) return undefined;
  const code = lastFailure.applicationFailureInfo?.type;
  return { message: lastFailure.message, ...(code && { code }) };
}
