import type { ParameterSpec } from '@probity/tfjs-graph/flat-parameters';
import tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import { block, blockParameters } from './convolution-block.js';
import type { NetworkShape, ParameterLookup } from './network-shape.js';

const widthsOf = ({ model }: NetworkShape): number[] =>
  Array.from({ length: model.depth }, (_, level) => model.baseWidth * 2 ** level);

/**
 * Parameters of a 2-D U-Net (Ronneberger et al. 2015, arXiv 1505.04597) with same-padded convolutions. With base width
 * 16, depth 4, one channel and two classes it has 487,730.
 */
export function unetParameters(shape: NetworkShape): ParameterSpec[] {
  const widths = widthsOf(shape);
  const down = widths.flatMap((width, level) =>
    blockParameters(`down-${level}`, widths[level - 1] ?? shape.channels, width),
  );
  const up = widths.slice(0, -1).flatMap((_, i) => {
    const level = widths.length - 2 - i;
    return blockParameters(`up-${level}`, widths[level + 1]! + widths[level]!, widths[level]!);
  });
  return [
    ...down,
    ...up,
    { name: 'head/filter', shape: [1, 1, widths[0]!, shape.classCount] },
    { name: 'head/bias', shape: [shape.classCount] },
  ];
}

/** Logits of every pixel. Height and width must divide by 2^(depth − 1). */
export function unetLogits(shape: NetworkShape, images: Tensor4D, parameter: ParameterLookup): Tensor4D {
  const { depth, normalisation } = shape.model;
  const skips: Tensor4D[] = [];
  let x = images;
  for (let level = 0; level < depth; level++) {
    x = block(x, parameter, { name: `down-${level}`, normalisation });
    if (level === depth - 1) break;
    skips.push(x);
    x = tf.maxPool(x, 2, 2, 'valid');
  }
  for (let level = depth - 2; level >= 0; level--) {
    const skip = skips[level]!;
    const grown = tf.image.resizeNearestNeighbor(x, [skip.shape[1], skip.shape[2]]);
    x = block(tf.concat([grown, skip], 3), parameter, { name: `up-${level}`, normalisation });
  }
  return tf.add(tf.conv2d(x, parameter('head/filter') as Tensor4D, 1, 'same'), parameter('head/bias'));
}
