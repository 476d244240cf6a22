import { ProbityError } from '@probity/core/errors';
import {
  addPixels,
  calibrationErrorOf,
  createCalibrationSums,
  type CalibrationSums,
} from '@probity/core/metrics/calibration-sums';
import { bootstrapMean } from '@probity/core/metrics/bootstrap-over-groups';
import { countOverlap, diceOf, iouOf } from '@probity/core/metrics/overlap';
import { meanScore, scoreDifference, scoreGroups, type ScoredItem } from '@probity/core/metrics/score-groups';
import { surfaceDistance } from '@probity/core/metrics/surface-distance';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetItem } from '@probity/core/schemas/dataset-version';
import type { Evaluation } from '@probity/core/schemas/round-artifacts';
import { mostProbableClasses } from './most-probable-classes.js';
import { predictItems, type ItemPrediction, type LoadedPredictor } from './predict-items.js';
import { readLabel } from './prepared-image.js';
import type { JobContext } from './job-context.js';

export interface Judging {
  /** Who is judged, for messages: `round 2`. */
  readonly title: string;
  readonly round: number;
  readonly spec: CampaignSpec;
  readonly classes: readonly string[];
  readonly loaded: LoadedPredictor;
  readonly context: JobContext;
  /** Who it is compared with, group by group. */
  readonly against?: Evaluation;
}

/** What an evaluation depends on of its items: images and labels by digest. */
export const testInputs = (items: readonly DatasetItem[]) =>
  items.map(({ id, image, label }) => [
    id,
    image.sha256,
    label?.kind === 'mask' ? label.mask.sha256 : label?.classIndex,
  ]);

/**
 * Judges an ensemble or a student on test items, each at its image's own size.
 *
 * @throws {ProbityError} `IMAGE_UNREADABLE`
 */
export async function judgeItems(items: readonly DatasetItem[], judging: Judging): Promise<Evaluation> {
  return summarise(await judge(items, judging), judging);
}

interface Judged {
  readonly items: Evaluation['items'];
  /** Per foreground class and group; nothing before calibration where nothing is calibrated. */
  readonly before: readonly Map<string, CalibrationSums>[];
  readonly after: readonly Map<string, CalibrationSums>[];
}

/** Pixels of each 8-bit level of probability, and how many of them are of the class. */
interface LevelCounts {
  readonly pixels: Uint32Array;
  readonly truePixels: Uint32Array;
}

interface JudgedItem {
  readonly scores: Record<string, number>;
  /** Per foreground class, before and after calibration. */
  readonly before: readonly LevelCounts[];
  readonly after: readonly LevelCounts[];
}

async function judge(
  items: readonly DatasetItem[],
  { title, round, spec, classes, loaded, context }: Judging,
): Promise<Judged> {
  const judged = new Map<string, JudgedItem>();
  const onPrediction = async (prediction: ItemPrediction) => {
    const truth = (await readLabel(prediction.item, context.store)).data;
    const uncalibrated = await prediction.uncalibrated();
    const count = (levels: Uint8Array, c: number) => countLevels(levels, { truth, classIndex: c + 1 });
    judged.set(prediction.item.id, {
      scores: scoresOf(prediction, truth, classes),
      before: uncalibrated.map(count),
      after: prediction.probabilities.map(count),
    });
  };
  const began = performance.now();
  const onProgress = (done: number) =>
    context.report({
      job: 'evaluate',
      round,
      done,
      total: items.length,
      unit: 'items',
      perSecond: (done * 1000) / (performance.now() - began),
    });
  const setAside = await predictItems({ items, spec, loaded, context, onPrediction, onProgress });
  const [unreadable] = setAside;
  if (unreadable) {
    // Left out, the test set would be another one than the round before was judged on.
    const message = `Cannot evaluate ${title} on test item "${unreadable.id}": ${unreadable.reason}. Restore the file, or name test groups without it`;
    throw new ProbityError('IMAGE_UNREADABLE', message, { details: { item: unreadable.id } });
  }
  return sumInOrder(items, judged);
}

/** Files are read side by side and come in any order; sums of floats, and the groups a bootstrap draws from, have one. */
function sumInOrder(items: readonly DatasetItem[], judged: ReadonlyMap<string, JudgedItem>): Judged {
  const inOrder = items.map(({ id, group }) => ({ id, group, ...judged.get(id)! }));
  const sums = (which: 'before' | 'after') => {
    const perClass: Map<string, CalibrationSums>[] = [];
    for (const item of inOrder) {
      for (const [c, levels] of item[which].entries())
        addLevels(groupSums((perClass[c] ??= new Map()), item.group), levels);
    }
    return perClass;
  };
  return {
    items: inOrder.map(({ id, group, scores }) => ({ id, group, scores })),
    before: sums('before'),
    after: sums('after'),
  };
}

function groupSums(byGroup: Map<string, CalibrationSums>, group: string): CalibrationSums {
  const sums = byGroup.get(group) ?? createCalibrationSums();
  byGroup.set(group, sums);
  return sums;
}

function countLevels(
  levels: Uint8Array,
  { truth, classIndex }: { truth: Uint8Array; classIndex: number },
): LevelCounts {
  const counted = { pixels: new Uint32Array(256), truePixels: new Uint32Array(256) };
  levels.forEach((level, pixel) => {
    if (truth[pixel] === 255) return;
    counted.pixels[level]!++;
    if (truth[pixel] === classIndex) counted.truePixels[level]!++;
  });
  return counted;
}

function addLevels(sums: CalibrationSums, { pixels, truePixels }: LevelCounts): void {
  pixels.forEach((count, level) => {
    if (count > 0) addPixels(sums, { probability: level / 255, count, trueCount: truePixels[level]! });
  });
}

/** Scores of one item by name; a class that neither prediction nor truth shows has none. */
function scoresOf(
  { probabilities, height, width }: ItemPrediction,
  truth: Uint8Array,
  classes: readonly string[],
): Record<string, number> {
  const predicted = mostProbableClasses(probabilities);
  if (height * width === 1) return { accuracy: predicted[0] === truth[0] ? 1 : 0 };
  const scores: Record<string, number> = {};
  for (let c = 1; c < classes.length; c++) {
    const overlap = countOverlap(predicted, truth, c);
    const [dice, iou] = [diceOf(overlap), iouOf(overlap)];
    if (dice !== undefined) scores[`dice:${classes[c]}`] = dice;
    if (iou !== undefined) scores[`iou:${classes[c]}`] = iou;
    const only = (mask: Uint8Array) => mask.map((value) => (value === c ? 1 : 0));
    const distance = surfaceDistance(only(predicted), only(truth), { height, width, spacingX: 1, spacingY: 1 });
    if (distance) {
      scores[`surface-distance:${classes[c]}`] = distance.mean;
      scores[`hausdorff95:${classes[c]}`] = distance.hausdorff95;
    }
  }
  return scores;
}

const HEADLINE = /^(dice:|accuracy$)/;

const scoredItems = (items: Evaluation['items'], which: (name: string) => boolean): ScoredItem[] =>
  items.map(({ group, scores }) => ({
    group,
    scores: Object.entries(scores).flatMap(([name, value]) => (which(name) ? [value] : [])),
  }));

function summarise({ items, before, after }: Judged, { round, spec, against }: Judging): Evaluation {
  const names = [...new Set(items.flatMap(({ scores }) => Object.keys(scores)))].toSorted();
  const headline = scoredItems(items, (name) => HEADLINE.test(name));
  const metrics = names.map(
    (name) =>
      [
        name,
        bootstrapMean(Object.values(scoreGroups(scoredItems(items, (other) => other === name))), spec.seed),
      ] as const,
  );
  const errors = (perClass: Judged['before']) =>
    perClass.map((byGroup) => calibrationErrorOf([...byGroup.values()], spec.seed));
  return {
    schemaVersion: 1,
    round,
    score: meanScore(headline, spec.seed),
    ...(against && {
      difference: scoreDifference(
        headline,
        scoredItems(against.items, (name) => HEADLINE.test(name)),
        spec.seed,
      ),
    }),
    metrics: Object.fromEntries(metrics),
    calibrationBefore: errors(before),
    calibrationAfter: errors(after),
    items,
  };
}
