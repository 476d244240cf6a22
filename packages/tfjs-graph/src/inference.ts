import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { resizeMatrix } from './resize-matrix.js';

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Standard deviations below this count as this: an image of one colour becomes zeros. */
const DEVIATION_FLOOR = 1e-6;

/**
 * Images in another size, without aliasing (`resizeMatrix`): two matrix products, one along each axis.
 *
 * @param images Shape (n, h, w, channels), float32.
 * @returns Shape (n, height, width, channels). The very same images where the size is theirs already.
 */
export function resize(images: Tensor4D, { height, width }: ImageSize): Tensor4D {
  const [count, inputHeight, inputWidth, channels] = images.shape;
  if (inputHeight === height && inputWidth === width) return images;
  let planes: Tensor = tf.transpose(images, [0, 3, 1, 2]);
  if (inputWidth !== width) {
    const columns = tf.tensor2d(resizeMatrix(inputWidth, width), [width, inputWidth]);
    const rows = tf.reshape(planes, [count * channels * inputHeight, inputWidth]);
    planes = tf.matMul(rows, columns, false, true);
  }
  planes = tf.reshape(planes, [count * channels, inputHeight, width]);
  if (inputHeight !== height) {
    const rows = tf.tensor3d(resizeMatrix(inputHeight, height), [1, height, inputHeight]);
    planes = tf.matMul(rows, planes);
  }
  return tf.transpose(tf.reshape(planes, [count, channels, height, width]), [0, 2, 3, 1]) as Tensor4D;
}

/** Each channel of each image with mean 0 and standard deviation 1 over its pixels. Shape (n, h, w, channels). */
export function standardise(images: Tensor4D): Tensor4D {
  const centred = tf.sub(images, tf.mean(images, [1, 2], true));
  const deviation = tf.sqrt(tf.mean(tf.square(centred), [1, 2], true));
  return tf.div(centred, tf.maximum(deviation, DEVIATION_FLOOR));
}

/** The mean of tensors of one shape: an ensemble of the members' probabilities. */
export function mean<T extends Tensor>(members: readonly T[]): T {
  return tf.div(tf.addN([...members]), members.length);
}

/** The class with the largest score in each pixel; the lowest one where several are equal. (…, classes) → (…), int32. */
export const votedClass = (scores: Tensor): Tensor => tf.argMax(scores, -1);

/**
 * Which members vote for a class, as one number a pixel: bit i is set where member i does.
 *
 * @param votes What `votedClass` gives for each member, at most 31 of them.
 * @returns int32, shape of one vote.
 */
export function votePattern(votes: readonly Tensor[], classIndex: number): Tensor {
  if (votes.length < 1 || votes.length > 31)
    throw new RangeError(`Cannot put ${votes.length} votes into one pattern: 1 to 31 fit`);
  const bits = votes.map((vote, i) =>
    tf.mul(tf.cast(tf.equal(vote, tf.scalar(classIndex, 'int32')), 'int32'), tf.scalar(2 ** i, 'int32')),
  );
  return tf.addN(bits);
}

/** How many members vote for a class. int32, shape of one vote. */
export function voteCount(votes: readonly Tensor[], classIndex: number): Tensor {
  return tf.addN(votes.map((vote) => tf.cast(tf.equal(vote, tf.scalar(classIndex, 'int32')), 'int32')));
}

/** Each index replaced by its entry: how a calibration map turns vote patterns or counts into probabilities. */
export const lookUp = (table: Tensor1D, indices: Tensor): Tensor => tf.gather(table, indices as Tensor1D);
