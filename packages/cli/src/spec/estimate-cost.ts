import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';

/**
 * Multiply-adds a second and thread of the ONNX engine on an ordinary server core, for a training step and for
 * prediction. Machines differ by a factor of a few; this is for "minutes or days?", not for a bill.
 */
const TRAINING_SPEED = 15e9;
const PREDICTION_SPEED = 25e9;
/** Forward, gradient of the input, gradient of the weights. */
const PASSES_A_STEP = 3;

export interface RoundItems {
  readonly labelledCount: number;
  readonly testCount: number;
  readonly poolCount: number;
}

export interface CampaignCost {
  /** Of one fold, trunk and forks together. */
  readonly stepsPerFold: number;
  readonly stepsPerRound: number;
  readonly roundCount: number;
  /** Of the whole campaign on this many threads; a rough guess. */
  readonly seconds: number;
}

/** What a campaign will compute, and about how long that takes on a processor. */
export function estimateCost(
  spec: CampaignSpec,
  { labelledCount, testCount, poolCount }: RoundItems,
  threads: number,
): CampaignCost {
  const { training, ensemble, rounds, input, student } = spec;
  const members = ensemble.operatingPoints.length;
  const trunk = Math.max(1, Math.round(training.steps * ensemble.forkAt));
  const stepsPerFold = trunk + (training.steps - trunk) * members;
  const stepsPerRound = stepsPerFold * ensemble.folds;
  const roundCount = rounds.max + 1;

  const pixels = input.height * input.width;
  const image = pixels * multiplyAddsPerPixel(spec);
  const secondsOf = (steps: number, work: number) =>
    (steps * training.batchSize * PASSES_A_STEP * work) / TRAINING_SPEED;
  const studentSeconds = student ? secondsOf(student.steps, pixels * multiplyAddsPerPixel({ ...student, input })) : 0;
  const predictions = labelledCount * members + (poolCount + testCount) * members * ensemble.folds;
  const roundSeconds = secondsOf(stepsPerRound, image) + (predictions * image) / PREDICTION_SPEED;
  const seconds = (roundCount * roundSeconds + studentSeconds) / threads;
  return { stepsPerFold, stepsPerRound, roundCount, seconds };
}

/** Of one forward pass, a pixel of the input: two 3×3 convolutions a level, down and, in a U-Net, up again. */
function multiplyAddsPerPixel({ model, input }: Pick<CampaignSpec, 'model' | 'input'>): number {
  const widths = Array.from({ length: model.depth }, (_, level) => model.baseWidth * 2 ** level);
  const block = (inputs: number, outputs: number, level: number) => (9 * outputs * (inputs + outputs)) / 4 ** level;
  const down = widths.reduce((sum, width, level) => sum + block(widths[level - 1] ?? input.channels, width, level), 0);
  if (model.kind === 'classifier') return down;
  return widths.slice(0, -1).reduce((sum, width, level) => sum + block(widths[level + 1]! + width, width, level), down);
}
