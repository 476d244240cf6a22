import tf from '@tensorflow/tfjs';
import type { Scalar, Tensor, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';

/** Label of a pixel that teaches nothing. */
export const IGNORE_LABEL = 255;

const EPSILON = 1e-5;

export interface LossInputs {
  /** Shape (n, h, w, classes). */
  readonly logits: Tensor4D;
  /** Shape (n, h, w), int32 class indices; 255 is left out of both terms. */
  readonly labels: Tensor3D;
  /** w of each foreground class, shape (classes − 1,). Below 0 favours sensitivity, above 0 precision. */
  readonly operatingPoint: Tensor1D;
}

/**
 * The loss of a member at operating point w: weighted cross-entropy plus Tversky loss. At w = 0 this is cross-entropy plus
 * soft Dice.
 *
 * @see Buddenkotte et al. 2023, arXiv 2209.09563
 */
export function operatingPointLoss(inputs: LossInputs): Scalar {
  const { crossEntropy, tversky } = lossTerms(inputs);
  return tf.add(crossEntropy, tversky);
}

/**
 * The two terms, both over the whole batch at once.
 *
 * CE_w = mean over known pixels of u_y · (−log q_y), u_background = 1, u_c = exp(−w_c). Its minimum is foreground exactly
 * where the probability is above σ(w).
 *
 * Tversky_w = 1 − mean over foreground classes of (TP + ε) / (TP + σ(w)·FP + (1 − σ(w))·FN + ε). Its minimum is foreground
 * exactly where the probability is above σ(w) times the best overlap there is.
 *
 * @see Salehi et al. 2017, arXiv 1706.05721
 */
export function lossTerms({ logits, labels, operatingPoint }: LossInputs): { crossEntropy: Scalar; tversky: Scalar } {
  const classCount = logits.shape[3];
  // An ignored pixel has no one-hot channel at all, so it adds to no sum of the truth.
  const truth = tf.oneHot(labels, classCount, 1, 0, 'float32') as Tensor4D;
  const known = tf.sum(truth, 3, true);
  const knownCount = tf.maximum(tf.sum(known), 1);
  const logProbabilities = tf.logSoftmax(logits, 3);
  const probabilities = tf.mul(tf.exp(logProbabilities), known);

  const classWeights = tf.concat([tf.ones([1]), tf.exp(tf.neg(operatingPoint))]);
  const weighted = tf.sum(tf.mul(tf.mul(truth, classWeights), logProbabilities));
  const crossEntropy = tf.div(tf.neg(weighted), knownCount) as Scalar;

  const foreground = (perClass: Tensor) => tf.slice(perClass, [1], [classCount - 1]);
  const truePositives = foreground(tf.sum(tf.mul(truth, probabilities), [0, 1, 2]));
  const falsePositives = tf.sub(foreground(tf.sum(probabilities, [0, 1, 2])), truePositives);
  const falseNegatives = tf.sub(foreground(tf.sum(truth, [0, 1, 2])), truePositives);
  const share = tf.sigmoid(operatingPoint);
  const errors = tf.add(tf.mul(share, falsePositives), tf.mul(tf.sub(1, share), falseNegatives));
  const overlap = tf.div(tf.add(truePositives, EPSILON), tf.add(tf.add(truePositives, errors), EPSILON));
  return { crossEntropy, tversky: tf.sub(1, tf.mean(overlap)) };
}
