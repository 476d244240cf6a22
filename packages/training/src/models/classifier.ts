import type { ParameterSpec } from '@probity/tfjs-graph/flat-parameters';
import tf from '@tensorflow/tfjs';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { block, blockParameters } from './convolution-block.js';
import type { NetworkShape, ParameterLookup } from './network-shape.js';

const widthsOf = ({ model }: NetworkShape): number[] =>
  Array.from({ length: model.depth }, (_, level) => model.baseWidth * 2 ** level);

/** Parameters of an image classifier: the U-Net's way down, the mean over pixels, one linear layer. */
export function classifierParameters(shape: NetworkShape): ParameterSpec[] {
  const widths = widthsOf(shape);
  return [
    ...widths.flatMap((width, level) => blockParameters(`down-${level}`, widths[level - 1] ?? shape.channels, width)),
    { name: 'head/filter', shape: [1, 1, widths.at(-1)!, shape.classCount] },
    { name: 'head/bias', shape: [shape.classCount] },
  ];
}

/** Logits of every image, as one pixel: shape (n, 1, 1, classes). */
export function classifierLogits(shape: NetworkShape, images: Tensor4D, parameter: ParameterLookup): Tensor4D {
  const { depth, normalisation } = shape.model;
  let x = images;
  for (let level = 0; level < depth; level++) {
    x = block(x, parameter, { name: `down-${level}`, normalisation });
    if (level < depth - 1) x = tf.maxPool(x, 2, 2, 'valid');
  }
  const features = tf.mean(x, [1, 2]) as Tensor2D;
  const weights = tf.reshape(parameter('head/filter'), [features.shape[1], shape.classCount]) as Tensor2D;
  const logits = tf.add(tf.matMul(features, weights), parameter('head/bias'));
  return tf.reshape(logits, [images.shape[0], 1, 1, shape.classCount]);
}
