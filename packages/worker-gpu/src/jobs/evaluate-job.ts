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
import { artifactRefSchema } from '@probity/core/schemas/artifact-ref';
import type { DatasetItem } from '@probity/core/schemas/dataset-version';
import { evaluationSchema, intervalSchema, type Evaluation } from '@probity/core/schemas/round-artifacts';
import type { EvaluateRoundRequest, EvaluateRoundResult, JobAnswer } from '@probity/core/schemas/steps';
import { z } from 'zod';
import { once, readJson } from '../activities/once.js';
import { readCampaign } from './known-campaign.js';
import { loadEnsemble } from './loaded-ensemble.js';
import { mostProbableClasses } from './most-probable-classes.js';
import { predictItems, type ItemPrediction } from './predict-items.js';
import { readLabel } from './prepared-image.js';
import type { JobContext } from './job-context.js';

const evaluateResultSchema = z.object({
  evaluation: artifactRefSchema,
  score: intervalSchema,
  difference: intervalSchema.optional(),
});

/** Judges a round's ensemble on the locked test set, at each image's own size, and against round 0. */
export async function evaluateJob(
  request: EvaluateRoundRequest,
  context: JobContext,
): Promise<JobAnswer<EvaluateRoundResult>> {
  const { spec, round, models, calibration, control } = request;
  const { store, engine } = context;
  const campaign = await readCampaign(store, request.plan);
  const items = campaign.plan.test.map(campaign.item);
  const inputs = {
    items: items.map(({ id, image, label }) => [
      id,
      image.sha256,
      label?.kind === 'mask' ? label.mask.sha256 : label?.classIndex,
    ]),
    models: models.map(({ sha256 }) => sha256),
    calibration: calibration.sha256,
    control: control?.sha256,
    round,
    seed: spec.seed,
    network: spec.model,
    input: spec.input,
    engine: engine.name,
  };
  return once(
    { store, step: 'evaluate-round', version: 2, inputs, schema: evaluateResultSchema },
    async ({ putJson }) => {
      const judged = await judge(items, { request, context, classes: campaign.classes });
      const evaluation = await summarise(judged, { request, context });
      const { score, difference } = evaluation;
      return { evaluation: await putJson('evaluation.json', evaluation), score, ...(difference && { difference }) };
    },
  );
}

interface Judged {
  readonly items: Evaluation['items'];
  /** Per foreground class and group. */
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
  { request, context, classes }: { request: EvaluateRoundRequest; context: JobContext; classes: readonly string[] },
): Promise<Judged> {
  const { spec, round, models, calibration } = request;
  const loaded = await loadEnsemble({ spec, models, calibration, classCount: classes.length }, context);
  const judged = new Map<string, JudgedItem>();
  const onPrediction = async (prediction: ItemPrediction) => {
    const truth = (await readLabel(prediction.item, context.store)).data;
    const uncalibrated = await prediction.uncalibrated();
    const count = (levels: Uint8Array, c: number) => countLevels(levels, { truth, classIndex: c + 1 });
    judged.set(prediction.item.id, {
      scores: scoresOf(prediction, truth, classes),
      before: uncalibrated.map(count),
      after: prediction.calibrated.map(count),
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
    const message = `Cannot evaluate round ${round} on test item "${unreadable.id}": ${unreadable.reason}. Restore the file, or name test groups without it`;
    throw new ProbityError('IMAGE_UNREADABLE', message, { details: { item: unreadable.id } });
  }
  return sumInOrder(items, { judged, classCount: classes.length });
}

/** Files are read side by side and come in any order; sums of floats, and the groups a bootstrap draws from, have one. */
function sumInOrder(
  items: readonly DatasetItem[],
  { judged, classCount }: { judged: ReadonlyMap<string, JudgedItem>; classCount: number },
): Judged {
  const sums = () => Array.from({ length: classCount - 1 }, () => new Map<string, CalibrationSums>());
  const [before, after] = [sums(), sums()];
  const scored = items.map(({ id, group }) => {
    const item = judged.get(id)!;
    for (const [c, byGroup] of before.entries()) addLevels(groupSums(byGroup, group), item.before[c]!);
    for (const [c, byGroup] of after.entries()) addLevels(groupSums(byGroup, group), item.after[c]!);
    return { id, group, scores: item.scores };
  });
  return { items: scored, before, after };
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
  { calibrated, height, width }: ItemPrediction,
  truth: Uint8Array,
  classes: readonly string[],
): Record<string, number> {
  const predicted = mostProbableClasses(calibrated);
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

async function summarise(
  { items, before, after }: Judged,
  { request, context }: { request: EvaluateRoundRequest; context: JobContext },
): Promise<Evaluation> {
  const { round, spec, control } = request;
  const names = [...new Set(items.flatMap(({ scores }) => Object.keys(scores)))].toSorted();
  const headline = scoredItems(items, (name) => HEADLINE.test(name));
  const baseline = control && (await readJson(context.store, control, evaluationSchema));
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
    ...(baseline && {
      difference: scoreDifference(
        headline,
        scoredItems(baseline.items, (name) => HEADLINE.test(name)),
        spec.seed,
      ),
    }),
    metrics: Object.fromEntries(metrics),
    calibrationBefore: errors(before),
    calibrationAfter: errors(after),
    items,
  };
}
