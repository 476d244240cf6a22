import { batchShards, sumPoolCounts, type PoolCounts } from '@probity/core/rounds/pool-batches';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { startChild } from '@temporalio/workflow';
import type { CampaignRun } from './campaign-run.js';
import type { sweepWorkflow } from './sweep.workflow.js';
import { TASK_QUEUES } from './task-queues.js';
import { together } from './together.js';

/** Shards of one sweep workflow: some fifteen events and ten kilobytes each, far below what a history may hold. */
const SHARDS_PER_BATCH = 100;

/** Sweep workflows under way at once: while the last shards of one are selected, the next one predicts. */
const BATCH_WINDOW = 2;

export interface PoolOutcome extends PoolCounts {
  /** One list of selections a batch. */
  readonly selections: readonly ArtifactRef[];
}

/** Sweeps the whole pool in child workflows, so that neither history grows with the pool. */
export async function sweepPool(
  run: CampaignRun,
  request: { plan: ArtifactRef; models: readonly ArtifactRef[]; calibration: ArtifactRef },
): Promise<PoolOutcome> {
  const { campaignId, spec, state } = run;
  const batches = batchShards(run.shardCount, SHARDS_PER_BATCH);
  const results = await together(batches.length, { window: BATCH_WINDOW }, async (index) => {
    await run.unpaused();
    const { batch, firstShard, shardCount } = batches[index]!;
    const start = (paused: boolean) =>
      startChild<typeof sweepWorkflow>('sweepWorkflow', {
        workflowId: `${campaignId}/round-${state.round}/sweep-${batch}`,
        taskQueue: TASK_QUEUES.workflows,
        args: [{ campaignId, spec, round: state.round, batch, firstShard, shardCount, paused, ...request }],
        staticSummary: `round ${state.round}: shards ${firstShard + 1} to ${firstShard + shardCount}`,
      });
    return run.inSweep(start, (sweep) => sweep.result());
  });
  return { selections: results.map(({ selections }) => selections), ...sumPoolCounts(results) };
}
