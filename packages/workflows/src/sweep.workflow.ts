import { sumPoolCounts, type PoolCounts } from '@probity/core/rounds/pool-batches';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { condition, proxyActivities, setHandler } from '@temporalio/workflow';
import type { CpuActivities, GpuActivities } from './activities.js';
import { cpuOptions, gpuOptions } from './activity-options.js';
import { sweepPausedSignal } from './messages.js';
import { stepSummaries } from './step-summaries.js';
import { together } from './together.js';

export interface SweepInput {
  readonly campaignId: string;
  readonly spec: CampaignSpec;
  readonly round: number;
  readonly batch: number;
  readonly firstShard: number;
  readonly shardCount: number;
  readonly plan: ArtifactRef;
  readonly models: readonly ArtifactRef[];
  readonly calibration: ArtifactRef;
  /** Whether the campaign was paused when this sweep began. */
  readonly paused: boolean;
}

export interface SweepResult extends PoolCounts {
  /** List of the selections of the batch's shards. */
  readonly selections: ArtifactRef;
}

/** Predicts and selects one batch of shards, a window of them at a time. */
export async function sweepWorkflow(input: SweepInput): Promise<SweepResult> {
  const { campaignId, spec, round, plan, calibration } = input;
  const place = { campaignId, spec, round };
  let { paused } = input;
  setHandler(sweepPausedSignal, (value) => {
    paused = value;
  });
  const unpaused = async (): Promise<void> => {
    while (paused) await condition(() => !paused);
  };
  const gpu = proxyActivities<GpuActivities>(gpuOptions(spec));
  const cpu = proxyActivities<CpuActivities>(cpuOptions);

  const shards = await together(input.shardCount, { window: spec.sweepWindow }, async (index) => {
    await unpaused();
    const shard = input.firstShard + index;
    const swept = await gpu.sweepShard.executeWithOptions({ summary: stepSummaries.sweepShard(round, shard) }, [
      { ...place, shard, plan, models: [...input.models], calibration },
    ]);
    await unpaused();
    const selected = await cpu.selectShard.executeWithOptions({ summary: stepSummaries.selectShard(round, shard) }, [
      { ...place, shard, predictions: swept.predictions, calibration },
    ]);
    return { swept, selected };
  });

  const selections = shards.map(({ selected }) => selected.selection);
  await unpaused();
  const gathered = await cpu.gatherSelections.executeWithOptions(
    { summary: stepSummaries.gatherSelections(round, input.batch) },
    [{ ...place, batch: input.batch, selections }],
  );
  const counts = shards.map(({ swept, selected }) => ({
    ...selected,
    poolCount: swept.itemCount + swept.setAsideCount,
    leftEarlyCount: swept.leftEarlyCount,
  }));
  return { selections: gathered.list, ...sumPoolCounts(counts) };
}
