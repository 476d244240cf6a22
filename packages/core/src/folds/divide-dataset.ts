import { ProbityError } from '../errors.js';
import { requirePromise } from '../pseudo-labels/promise-limit.js';
import type { CampaignSpec } from '../schemas/campaign-spec.js';
import type { DatasetVersion, Label } from '../schemas/dataset-version.js';
import { planSplit, type CampaignSplit } from './plan-split.js';
import { splitIntoFolds, type Folds } from './split-into-folds.js';

/** Who teaches in which fold, who is tested, and who is the pool: all of it follows from spec and data set alone. */
export interface DividedDataset {
  readonly split: CampaignSplit;
  /** Of the labelled groups. */
  readonly folds: Folds;
}

/**
 * Divides a data set as a campaign will, and refuses what could not run to its end.
 *
 * @throws {ProbityError} `SPEC_INVALID`, `SPLIT_IMPOSSIBLE`, `POOL_EMPTY`, `PROMISE_IMPOSSIBLE`
 */
export function divideDataset(spec: CampaignSpec, dataset: DatasetVersion): DividedDataset {
  requireFit(spec, dataset);
  const items = dataset.items.map(({ id, group, label }) => ({
    id,
    group,
    hasLabel: label !== undefined,
    classes: classesOf(label),
  }));
  const split = planSplit({ items, split: spec.split, seed: spec.seed });
  const labelled = new Set(split.labelled);
  const firstClass = spec.task === 'segmentation' ? 1 : 0;
  const folds = splitIntoFolds({
    items: items.filter(({ id }) => labelled.has(id)),
    foldCount: spec.ensemble.folds,
    seed: spec.seed,
    classes: dataset.classes.map((name, index) => ({ index, name })).slice(firstClass),
  });
  const { thresholds } = spec.selection;
  if (thresholds.kind === 'error') requirePromise(thresholds.errorMax, Object.keys(folds.byGroup).length);
  return { split, folds };
}

const classesOf = (label: Label | undefined): readonly number[] =>
  label === undefined ? [] : label.kind === 'class' ? [label.classIndex] : label.classes;

function requireFit({ name, task, ensemble }: CampaignSpec, dataset: DatasetVersion): void {
  const refuse = (state: string) => {
    throw new ProbityError('SPEC_INVALID', `Cannot run campaign "${name}" on data set "${dataset.name}": ${state}`);
  };
  if (dataset.task !== task)
    refuse(`its labels are for ${dataset.task}, the file says ${task}; set task and model.kind to fit`);
  const foreground = dataset.classes.length - 1;
  const { centre } = ensemble;
  if (typeof centre !== 'number' && centre.length !== foreground)
    refuse(
      `it has ${foreground} foreground classes, ensemble.centre lists ${centre.length}; list one each, or give one number for all`,
    );
}
