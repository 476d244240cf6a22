import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { unflatten } from '@probity/tfjs-graph/flat-parameters';
import type { Graph } from '@probity/tfjs-graph/graph';
import type { InputSpec, TensorRecord } from '@probity/tfjs-graph/trace';
import { trainingStep, type UpdateSpec } from '@probity/tfjs-graph/training-step';
import { trainingStepInParts, type StepInParts } from '@probity/tfjs-graph/training-step-in-parts';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import type { PreparedImages } from './items.js';
import { lessonFromLabels, lessonFromProbabilities } from './losses/lesson.js';
import type { NetworkShape } from './models/network-shape.js';
import { createNetwork, isOfEncoder } from './models/network.js';

export type TrainingShape = Pick<PreparedImages, 'height' | 'width' | 'channels' | 'labelHeight' | 'labelWidth'> & {
  readonly model: NetworkShape['model'];
  readonly training: Pick<CampaignSpec['training'], 'batchSize' | 'optimiser' | 'gradientNormMax' | 'weightAverage'>;
  readonly classCount: number;
  /** `decoder`: the encoder stays what it is; `all` unless told. */
  readonly trains?: CampaignSpec['ensemble']['forkTrains'];
  /** `labels`, as members do, unless told; a student learns from `probabilities`. */
  readonly learnsFrom?: 'labels' | 'probabilities';
};

/**
 * The graph of one training step. The operating point is an input, so one graph serves the trunk and every member.
 *
 * Inputs besides those of `trainingStep`: `images` (batch, height, width, channels); from labels, `labels` (batch, h, w)
 * int32 and `operatingPoint` (classes − 1); from probabilities, `targets` (batch, h, w, classes).
 */
export function trainingGraph(shape: TrainingShape): Graph {
  const { sums, lossOf, update, inputsOf } = stepOf(shape);
  return trainingStep({
    ...update,
    loss: (weights, batch) => lossOf(sums(weights, batch), batch),
    batch: inputsOf(shape.training.batchSize),
  });
}

/**
 * The same step for a device that holds so many images of a batch at a time.
 *
 * Inputs besides those of `trainingStepInParts`: as for `trainingGraph`, of a part. Images labelled with 255 throughout,
 * or with no probability at all, add nothing, so they may fill up the last part.
 */
export function trainingGraphsInParts(shape: TrainingShape, imagesMax: number): StepInParts {
  const { sums, lossOf, update, inputsOf } = stepOf(shape);
  return trainingStepInParts({ ...update, sums, lossOfSums: lossOf, part: inputsOf(imagesMax) });
}

/** What both forms are made of. */
function stepOf({ model, training, classCount, trains = 'all', learnsFrom = 'labels', ...items }: TrainingShape) {
  const network = createNetwork({ model, channels: items.channels, classCount });
  const { optimiser, gradientNormMax, weightAverage } = training;
  const isFrozen = (parameter: string) => trains === 'decoder' && isOfEncoder(parameter);
  const lesson = (learnsFrom === 'labels' ? lessonFromLabels : lessonFromProbabilities)({ ...items, classCount });
  const sums = (weights: Tensor1D, batch: TensorRecord): TensorRecord =>
    lesson.sums(network.logits(batch['images'] as Tensor4D, unflatten(weights, network.layout, { isFrozen })), batch);
  const update: UpdateSpec = {
    parameterCount: network.layout.parameterCount,
    optimiser,
    gradientNormMax,
    ...(trains === 'decoder' && { frozenCount: network.encoderSize }),
    ...(weightAverage.kind === 'exponential' && { weightAverageDecay: weightAverage.decay }),
  };
  const inputsOf = (imageCount: number): Record<string, InputSpec> => ({
    images: { shape: [imageCount, items.height, items.width, items.channels], dtype: 'float32' },
    ...lesson.inputsOf(imageCount),
  });
  return { sums, lossOf: lesson.lossOf, update, inputsOf };
}
