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
import type { JobContext } from './run-job.js';

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
    { store, step: 'evaluate-round', version: 1, inputs, schema: evaluateResultSchema },
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

async function judge(
  items: readonly DatasetItem[],
  { request, context, classes }: { request: EvaluateRoundRequest; context: JobContext; classes: readonly string[] },
): Promise<Judged> {
  const { spec, round, models, calibration } = request;
  const loaded = await loadEnsemble({ spec, models, calibration, classCount: classes.length }, context);
  const scored = new Map<string, Evaluation['items'][number]>();
  const sums = () => classes.slice(1).map(() => new Map<string, CalibrationSums>());
  const [before, after] = [sums(), sums()];
  const onPrediction = async (prediction: ItemPrediction) => {
    const { item } = prediction;
    const truth = (await readLabel(item, context.store)).data;
    scored.set(item.id, { id: item.id, group: item.group, scores: scoresOf(prediction, truth, classes) });
    for (let c = 1; c < classes.length; c++) {
      addLevels(groupSums(before[c - 1]!, item.group), {
        levels: prediction.uncalibrated[c - 1]!,
        truth,
        classIndex: c,
      });
      addLevels(groupSums(after[c - 1]!, item.group), { levels: prediction.calibrated[c - 1]!, truth, classIndex: c });
    }
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
  return { items: items.map(({ id }) => scored.get(id)!), before, after };
}

function groupSums(byGroup: Map<string, CalibrationSums>, group: string): CalibrationSums {
  const sums = byGroup.get(group) ?? createCalibrationSums();
  byGroup.set(group, sums);
  return sums;
}

function addLevels(
  sums: CalibrationSums,
  { levels, truth, classIndex }: { levels: Uint8Array; truth: Uint8Array; classIndex: number },
): void {
  const [counts, trueCounts] = [new Uint32Array(256), new Uint32Array(256)];
  levels.forEach((level, pixel) => {
    if (truth[pixel] === 255) return;
    counts[level]!++;
    if (truth[pixel] === classIndex) trueCounts[level]!++;
  });
  counts.forEach((count, level) => {
    if (count > 0) addPixels(sums, { probability: level / 255, count, trueCount: trueCounts[level]! });
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
