import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { unflatten } from '@probity/tfjs-graph/flat-parameters';
import type { Graph } from '@probity/tfjs-graph/graph';
import type { InputSpec, TensorRecord } from '@probity/tfjs-graph/trace';
import { trainingStep } from '@probity/tfjs-graph/training-step';
import type { Tensor, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { PreparedImages } from './items.js';
import { distillationLoss } from './losses/distillation-loss.js';
import { operatingPointLoss } from './losses/operating-point-loss.js';
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
  const { model, training, classCount, trains = 'all', learnsFrom = 'labels', ...items } = shape;
  const network = createNetwork({ model, channels: items.channels, classCount });
  const { batchSize, optimiser, gradientNormMax, weightAverage } = training;
  const isFrozen = (parameter: string) => trains === 'decoder' && isOfEncoder(parameter);
  const { loss, inputs } = learnsFrom === 'labels' ? fromLabels(shape) : fromProbabilities(shape);
  return trainingStep({
    parameterCount: network.layout.parameterCount,
    loss: (weights, batch) =>
      loss(network.logits(batch['images'] as Tensor4D, unflatten(weights, network.layout, { isFrozen })), batch),
    batch: {
      images: { shape: [batchSize, items.height, items.width, items.channels], dtype: 'float32' },
      ...inputs,
    },
    optimiser,
    gradientNormMax,
    ...(trains === 'decoder' && { frozenCount: network.encoderSize }),
    ...(weightAverage.kind === 'exponential' && { weightAverageDecay: weightAverage.decay }),
  });
}

/** What the logits are compared with, and how. */
interface Lesson {
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly loss: (logits: Tensor4D, batch: TensorRecord) => Tensor;
}

const fromLabels = ({ training: { batchSize }, labelHeight, labelWidth, classCount }: TrainingShape): Lesson => ({
  inputs: {
    labels: { shape: [batchSize, labelHeight, labelWidth], dtype: 'int32' },
    operatingPoint: { shape: [classCount - 1], dtype: 'float32' },
  },
  loss: (logits, { labels, operatingPoint }) =>
    operatingPointLoss({ logits, labels: labels as Tensor3D, operatingPoint: operatingPoint as Tensor1D }),
});

const fromProbabilities = ({
  training: { batchSize },
  labelHeight,
  labelWidth,
  classCount,
}: TrainingShape): Lesson => ({
  inputs: { targets: { shape: [batchSize, labelHeight, labelWidth, classCount], dtype: 'float32' } },
  loss: (logits, { targets }) => distillationLoss({ logits, targets: targets as Tensor4D }),
});
