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
  const { training, ensemble, rounds } = spec;
  const members = ensemble.operatingPoints.length;
  const trunk = Math.max(1, Math.round(training.steps * ensemble.forkAt));
  const forks = (training.steps - trunk) * members;
  const stepsPerFold = trunk + forks;
  const stepsPerRound = stepsPerFold * ensemble.folds;
  const roundCount = rounds.max + 1;

  const { encoder, decoder } = workOf(spec);
  const whole = encoder + decoder;
  // Forks that train the decoder alone leave the encoder as it is: one forward pass, and one for all members in prediction.
  const isShared = ensemble.forkTrains === 'decoder';
  const stepsWork =
    trunk * PASSES_A_STEP * whole + forks * (isShared ? encoder + PASSES_A_STEP * decoder : PASSES_A_STEP * whole);
  const committeeWork = isShared ? encoder + members * decoder : members * whole;
  const predictionWork = (labelledCount + (poolCount + testCount) * ensemble.folds) * committeeWork;
  const roundSeconds =
    (ensemble.folds * training.batchSize * stepsWork) / TRAINING_SPEED + predictionWork / PREDICTION_SPEED;
  const seconds = (roundCount * roundSeconds + studentSeconds(spec)) / threads;
  return { stepsPerFold, stepsPerRound, roundCount, seconds };
}

function studentSeconds({ student, input, training }: CampaignSpec): number {
  if (!student) return 0;
  const { encoder, decoder } = workOf({ ...student, input });
  return (student.steps * training.batchSize * PASSES_A_STEP * (encoder + decoder)) / TRAINING_SPEED;
}

/** Multiply-adds of one forward pass: two 3×3 convolutions a level, down in the encoder and, in a U-Net, up in the decoder. */
function workOf({ model, input }: Pick<CampaignSpec, 'model' | 'input'>): { encoder: number; decoder: number } {
  const widths = Array.from({ length: model.depth }, (_, level) => model.baseWidth * 2 ** level);
  const pixels = input.height * input.width;
  const block = (inputs: number, outputs: number, level: number) =>
    (pixels * 9 * outputs * (inputs + outputs)) / 4 ** level;
  const sum = (blocks: readonly number[]) => blocks.reduce((total, work) => total + work, 0);
  return {
    encoder: sum(widths.map((width, level) => block(widths[level - 1] ?? input.channels, width, level))),
    decoder:
      model.kind === 'classifier'
        ? 0
        : sum(widths.slice(0, -1).map((width, level) => block(widths[level + 1]! + width, width, level))),
  };
}
