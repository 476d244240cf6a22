import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { unflatten } from '@probity/tfjs-graph/flat-parameters';
import type { Graph } from '@probity/tfjs-graph/graph';
import { trainingStep } from '@probity/tfjs-graph/training-step';
import type { Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { PreparedItems } from './items.js';
import { operatingPointLoss } from './losses/operating-point-loss.js';
import type { NetworkShape } from './models/network-shape.js';
import { createNetwork, isOfEncoder } from './models/network.js';

export type TrainingShape = Pick<PreparedItems, 'height' | 'width' | 'channels' | 'labelHeight' | 'labelWidth'> & {
  readonly model: NetworkShape['model'];
  readonly training: Pick<CampaignSpec['training'], 'batchSize' | 'optimiser' | 'gradientNormMax' | 'weightAverage'>;
  readonly classCount: number;
  /** `decoder`: the encoder stays what it is; `all` unless told. */
  readonly trains?: CampaignSpec['ensemble']['forkTrains'];
};

/**
 * The graph of one training step. The operating point is an input, so one graph serves the trunk and every member.
 *
 * Inputs besides those of `trainingStep`: `images` (batch, height, width, channels), `labels` (batch, h, w) int32,
 * `operatingPoint` (classes − 1).
 */
export function trainingGraph({ model, training, classCount, trains = 'all', ...items }: TrainingShape): Graph {
  const network = createNetwork({ model, channels: items.channels, classCount });
  const { batchSize, optimiser, gradientNormMax, weightAverage } = training;
  const isFrozen = (parameter: string) => trains === 'decoder' && isOfEncoder(parameter);
  return trainingStep({
    parameterCount: network.layout.parameterCount,
    loss: (weights, batch) =>
      operatingPointLoss({
        logits: network.logits(batch['images'] as Tensor4D, unflatten(weights, network.layout, { isFrozen })),
        labels: batch['labels'] as Tensor3D,
        operatingPoint: batch['operatingPoint'] as Tensor1D,
      }),
    batch: {
      images: { shape: [batchSize, items.height, items.width, items.channels], dtype: 'float32' },
      labels: { shape: [batchSize, items.labelHeight, items.labelWidth], dtype: 'int32' },
      operatingPoint: { shape: [classCount - 1], dtype: 'float32' },
    },
    optimiser,
    gradientNormMax,
    ...(trains === 'decoder' && { frozenCount: network.encoderSize }),
    ...(weightAverage.kind === 'exponential' && { weightAverageDecay: weightAverage.decay }),
  });
}
