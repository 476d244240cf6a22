import { resize, standardise } from '@probity/tfjs-graph/inference';
import type { DataType, Graph } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import { predictEnsemble, type EnsembleModel } from './ensemble.js';
import type { ImageSize } from './prepare-images.js';

/**
 * The whole inference of an ensemble as one graph for images of one size: resize and normalise, every member's softmax,
 * votes, calibration, back to the image's size.
 *
 * Input `image`: (batch, height, width, channels), bytes or float32 as decoded. Output `probabilities`: the calibrated
 * probability of each foreground class, (batch, height, width, classes − 1); a classifier gives (batch, 1, 1, classes − 1).
 */
export function releaseGraph(
  ensemble: EnsembleModel,
  source: ImageSize & { batchSize: number; dtype: Extract<DataType, 'uint8' | 'float32'> },
): Graph {
  const { batchSize, height, width, dtype } = source;
  return trace(
    ({ image }) => {
      const prepared = standardise(resize(image as Tensor4D, ensemble.input));
      const { probabilities } = predictEnsemble(ensemble, prepared);
      const maps = ensemble.model.kind === 'unet' ? resize(probabilities, source) : probabilities;
      return { probabilities: tf.clipByValue(maps, 0, 1) };
    },
    { image: { shape: [batchSize, height, width, ensemble.input.channels], dtype } },
  );
}
