import { countOverlap, diceOf } from '@probity/core/metrics/overlap';
import { brierScore } from '@probity/core/metrics/proper-scores';
import { scoreGroups } from '@probity/core/metrics/score-groups';
import type { TrainingHooks } from '@probity/training/training-hooks';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { Engine } from '@probity/training/engine/engine';
import { createCommittee } from '@probity/training/inference/committee';
import type { ImageSizes } from '@probity/training/inference/prepare-images';
import { trainMember, trainTrunk } from '@probity/training/train-fold';
import type { QualityData } from './quality-data.js';

export interface PatientScores {
  /** Mean Dice over patients. */
  readonly score: number;
  /** Per patient, the mean over its slices. */
  readonly byGroup: Readonly<Record<string, number>>;
}

/** What one training came to. */
export interface Trained extends PatientScores {
  /** One a step. */
  readonly losses: readonly number[];
}

/** The same of one of ours, whose softmax is at hand. */
export interface OurTrained extends Trained {
  /** Mean over patients of the Brier score of their pixels, before any calibration: 0 (best) to 2. */
  readonly brier: number;
}

interface Trial {
  readonly spec: CampaignSpec;
  readonly data: QualityData;
  /** What trains, and what judges what was trained. */
  readonly engine: Engine;
  readonly predictor: Engine;
  readonly sizes: ImageSizes;
}

export const CLASS_COUNT = 2;

/** One member at the centre, trained from trunk to end on everything labelled, and judged at each image's own size. */
export async function scoreOurMember(trial: Trial): Promise<OurTrained> {
  const { spec, data, engine } = trial;
  const losses: number[] = [];
  const fold = { spec, fold: 0, classCount: CLASS_COUNT, items: data.labelled, engine };
  const hooks: TrainingHooks = {
    report: ({ part, done, total, loss }) => {
      losses.push(loss);
      if (done % 50 === 0)
        process.stderr.write(
          `  ${engine.name} seed ${spec.seed}: ${part}, step ${done} of ${total}, loss ${loss.toFixed(3)}\n`,
        );
    },
    onBatchHalved: (parts) => process.stderr.write(`  ours seed ${spec.seed}: batches cut into ${parts} parts\n`),
    loadCheckpoint: () => Promise.resolve(undefined),
    saveCheckpoint: () => Promise.resolve(),
  };
  const trunk = await trainTrunk(fold, hooks);
  const { weights } = await trainMember({ ...fold, trunk, operatingPoint: 0 }, hooks);
  return { ...(await evaluate(weights, trial)), losses };
}

async function evaluate(
  weights: Float32Array,
  { spec, data, predictor, sizes }: Trial,
): Promise<Omit<OurTrained, 'losses'>> {
  const { model, input, training } = spec;
  const committee = await createCommittee({
    model,
    items: data.labelled,
    classCount: CLASS_COUNT,
    members: [weights],
    batchSize: training.batchSize,
    engine: predictor,
  });
  const predictions = await committee.predict(data.testImages, data.testItems.length);
  await committee.dispose();
  const scored: { group: string; scores: number[] }[] = [];
  const briers: typeof scored = [];
  for (const [i, item] of data.testItems.entries()) {
    const maps = await sizes.restore(predictions[i]!.meanScores, {
      from: { ...input, channels: CLASS_COUNT },
      to: item,
    });
    const predicted = Uint8Array.from({ length: item.mask.length }, (_, pixel) =>
      maps[2 * pixel + 1]! > maps[2 * pixel]! ? 1 : 0,
    );
    const dice = diceOf(countOverlap(predicted, item.mask, 1));
    scored.push({ group: item.group, scores: dice === undefined ? [] : [dice] });
    const brier = brierScore({ probabilities: maps, labels: item.mask, classCount: CLASS_COUNT });
    briers.push({ group: item.group, scores: [brier] });
  }
  const byGroup = scoreGroups(scored);
  return { score: meanOf(byGroup), byGroup, brier: meanOf(scoreGroups(briers)) };
}

function meanOf(byGroup: Readonly<Record<string, number>>): number {
  const scores = Object.values(byGroup);
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
