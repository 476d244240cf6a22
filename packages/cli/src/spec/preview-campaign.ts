import { divideDataset } from '@probity/core/folds/divide-dataset';
import { promiseLimit } from '@probity/core/pseudo-labels/promise-limit';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetVersion } from '@probity/core/schemas/dataset-version';
import { estimateCost, type CampaignCost } from './estimate-cost.js';

/** What a campaign will do with a data set: the same split and folds that it will make, before anything is started. */
export interface CampaignPreview {
  readonly groups: { readonly labelled: number; readonly test: number; readonly pool: number };
  readonly items: { readonly labelled: number; readonly test: number; readonly pool: number; readonly leftOut: number };
  readonly folds: number;
  readonly members: number;
  readonly cost: CampaignCost;
  /** Where thresholds come from a stated error: that error, and the smallest that these labels allow. */
  readonly promise: { readonly errorMax: number; readonly errorMin: number } | undefined;
  readonly remarks: readonly string[];
}

/**
 * Checks that the campaign can run at all, so that nobody waits for a refusal.
 *
 * @throws {ProbityError} `SPEC_INVALID`, `SPLIT_IMPOSSIBLE`, `POOL_EMPTY`, `PROMISE_IMPOSSIBLE`
 */
export function previewCampaign(
  spec: CampaignSpec,
  dataset: DatasetVersion,
  { threads }: { threads: number },
): CampaignPreview {
  const { split, folds } = divideDataset(spec, dataset);
  const groupOf = new Map(dataset.items.map(({ id, group }) => [id, group]));
  const groupCount = (ids: readonly string[]) => new Set(ids.map((id) => groupOf.get(id))).size;
  const labelledGroups = groupCount(split.labelled);
  const { thresholds } = spec.selection;
  const counts = { labelledCount: split.labelled.length, testCount: split.test.length, poolCount: split.pool.length };
  return {
    groups: { labelled: labelledGroups, test: groupCount(split.test), pool: groupCount(split.pool) },
    items: {
      labelled: counts.labelledCount,
      test: counts.testCount,
      pool: counts.poolCount,
      leftOut: split.leftOut.length,
    },
    folds: folds.count,
    members: spec.ensemble.operatingPoints.length,
    cost: estimateCost(spec, counts, threads),
    promise:
      thresholds.kind === 'error'
        ? { errorMax: thresholds.errorMax, errorMin: promiseLimit(labelledGroups) }
        : undefined,
    remarks: folds.remarks,
  };
}
