import { openStore } from '@probity/connections/open-store';
import { registerSearchAttributes } from '@probity/connections/search-attributes';
import type { TemporalClient } from '@probity/connections/connect-temporal';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { requireInput } from '@probity/core/errors';
import { readVersion } from '@probity/datasets/versions/read-version';
import { resolveVersion } from '@probity/datasets/versions/resolve-version';
import { CAMPAIGN_WORKFLOW } from '@probity/workflows/messages';
import { TASK_QUEUES } from '@probity/workflows/task-queues';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { previewCampaign, type CampaignPreview } from '../spec/preview-campaign.js';
import { requireSpecOfFile, type SpecFile } from '../spec/read-spec-file.js';
import { settingsOf, type Terminal } from '../terminal.js';
import { fromTemporal } from '@probity/connections/campaigns/temporal-errors';

/** A campaign that was checked against its data set and can be started. */
export interface ReadyCampaign {
  readonly id: string;
  readonly spec: CampaignSpec;
  readonly dataset: ArtifactRef;
  readonly preview: CampaignPreview;
}

/**
 * Completes the file with what the data set says, and checks that the campaign can run, so that nothing fails later
 * that can be known now. Needs the store and no Temporal.
 *
 * @throws {ProbityError} `SPEC_INVALID`, `DATASET_MISSING`, `SPLIT_IMPOSSIBLE`, `POOL_EMPTY`, `PROMISE_IMPOSSIBLE`
 */
export async function readyCampaign(
  file: SpecFile,
  { id, terminal }: { id: string | undefined; terminal: Terminal },
): Promise<ReadyCampaign> {
  const { dataset: name } = requireSpecOfFile(file); // all faults of the file come before those of the data set
  const { store: storeSettings, jobs } = settingsOf(terminal);
  const store = await openStore(storeSettings);
  const dataset = await resolveVersion(store, name);
  const version = await readVersion(store, dataset);
  const hasColour = version.items.some(({ image }) => image.channels === 3);
  const spec = requireSpecOfFile(file, { channels: hasColour ? 3 : 1 });
  const campaignId = id ?? spec.name;
  requireInput(
    /^[a-z0-9][a-z0-9-]{0,62}$/.test(campaignId),
    `Cannot name a campaign "${campaignId}": use lower-case letters, digits and hyphens, 63 at most`,
  );
  return {
    id: campaignId,
    spec,
    dataset,
    preview: previewCampaign(spec, version, { threads: jobs.slots * jobs.threads }),
  };
}

const DATASET = defineSearchAttributeKey('ProbityDataset', SearchAttributeType.KEYWORD);
const TASK = defineSearchAttributeKey('ProbityTask', SearchAttributeType.KEYWORD);
const STAGE = defineSearchAttributeKey('ProbityStage', SearchAttributeType.KEYWORD);

/** Starts the workflow. An id is used once: its history is the record of what was done. @throws {ProbityError} `CAMPAIGN_EXISTS`, `STACK_DOWN` */
export async function startCampaign(
  { client, connection, namespace }: TemporalClient,
  { id, spec, dataset }: ReadyCampaign,
): Promise<void> {
  await registerSearchAttributes(connection, namespace);
  try {
    await client.workflow.start(CAMPAIGN_WORKFLOW, {
      workflowId: id,
      taskQueue: TASK_QUEUES.workflows,
      args: [{ spec, dataset }],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `${spec.task} campaign on data set ${spec.dataset}, ${spec.rounds.max} rounds after round 0`,
      typedSearchAttributes: [
        { key: DATASET, value: spec.dataset },
        { key: TASK, value: spec.task },
        { key: STAGE, value: 'opening' },
      ],
    });
  } catch (error) {
    throw fromTemporal(error, id);
  }
}
