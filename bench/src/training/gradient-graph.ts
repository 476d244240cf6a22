import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { unflatten } from '@probity/tfjs-graph/flat-parameters';
import type { Graph } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import { operatingPointLoss } from '@probity/training/losses/operating-point-loss';
import { createNetwork } from '@probity/training/models/network';
import tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';

/** Loss and gradient of a training step before clipping and update. Inputs as in the step; outputs `loss`, `gradient`. */
export function gradientGraph({ model, input, training }: CampaignSpec, classCount: number): Graph {
  const network = createNetwork({ model, channels: input.channels, classCount });
  const { height, width, channels } = input;
  return trace(
    (given) => {
      const loss = (weights: Tensor) =>
        operatingPointLoss({
          logits: network.logits(given['images'] as Tensor4D, unflatten(weights as Tensor1D, network.layout)),
          labels: given['labels'] as Tensor3D,
          operatingPoint: given['operatingPoint'] as Tensor1D,
        });
      const { value, grad } = tf.valueAndGrad(loss)(given['weights']!);
      return { loss: value, gradient: grad };
    },
    {
      weights: { shape: [network.layout.parameterCount], dtype: 'float32' },
      images: { shape: [training.batchSize, height, width, channels], dtype: 'float32' },
      labels: { shape: [training.batchSize, height, width], dtype: 'int32' },
      operatingPoint: { shape: [classCount - 1], dtype: 'float32' },
    },
  );
}
