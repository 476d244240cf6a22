import { planSplit } from '@probity/core/folds/plan-split';
import { splitIntoFolds } from '@probity/core/folds/split-into-folds';
import { ProbityError } from '@probity/core/errors';
import { promiseLimit, requirePromise } from '@probity/core/pseudo-labels/promise-limit';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetVersion, Label } from '@probity/core/schemas/dataset-version';
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
  if (dataset.task !== spec.task) {
    const state = `its labels are for ${dataset.task}, the file says ${spec.task}; set task and model.kind to fit`;
    throw new ProbityError(
      'SPEC_INVALID',
      `Cannot run campaign "${spec.name}" on data set "${dataset.name}": ${state}`,
    );
  }
  const items = dataset.items.map(({ id, group, label }) => ({
    id,
    group,
    hasLabel: label !== undefined,
    classes: classesOf(label),
  }));
  const split = planSplit({ items, split: spec.split, seed: spec.seed });
  const groupOf = new Map(items.map(({ id, group }) => [id, group]));
  const groupCount = (ids: readonly string[]) => new Set(ids.map((id) => groupOf.get(id))).size;

  const taught = new Set(split.labelled);
  const firstClass = spec.task === 'segmentation' ? 1 : 0;
  const classes = dataset.classes.map((name, index) => ({ index, name })).slice(firstClass);
  const { remarks } = splitIntoFolds({
    items: items.filter(({ id }) => taught.has(id)),
    foldCount: spec.ensemble.folds,
    seed: spec.seed,
    classes,
  });

  const labelledGroups = groupCount(split.labelled);
  const { thresholds } = spec.selection;
  if (thresholds.kind === 'error') requirePromise(thresholds.errorMax, labelledGroups);
  const counts = { labelledCount: split.labelled.length, testCount: split.test.length, poolCount: split.pool.length };
  return {
    groups: { labelled: labelledGroups, test: groupCount(split.test), pool: groupCount(split.pool) },
    items: {
      labelled: counts.labelledCount,
      test: counts.testCount,
      pool: counts.poolCount,
      leftOut: split.leftOut.length,
    },
    folds: spec.ensemble.folds,
    members: spec.ensemble.operatingPoints.length,
    cost: estimateCost(spec, counts, threads),
    promise:
      thresholds.kind === 'error'
        ? { errorMax: thresholds.errorMax, errorMin: promiseLimit(labelledGroups) }
        : undefined,
    remarks,
  };
}

function classesOf(label: Label | undefined): readonly number[] {
  if (label === undefined) return [];
  return label.kind === 'class' ? [label.classIndex] : label.classes;
}
