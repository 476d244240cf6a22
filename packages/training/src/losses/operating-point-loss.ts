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

/** Sums over pixels that both terms are made of; those of a batch are those of its parts, added. */
export interface LossSums {
  /** Pixels whose label is known; scalar. */
  readonly known: Tensor;
  /** Σ u_y · log q_y; scalar. */
  readonly logLikelihood: Tensor;
  /** Per foreground class, shape (classes − 1,): Σ y·q, Σ q and Σ y over known pixels. */
  readonly truePositives: Tensor;
  readonly predicted: Tensor;
  readonly labelled: Tensor;
}

/**
 * The loss of a member at operating point w: weighted cross-entropy plus Tversky loss. At w = 0 this is cross-entropy plus
 * soft Dice.
 *
 * @see Buddenkotte et al. 2023, arXiv 2209.09563
 */
export const operatingPointLoss = (inputs: LossInputs): Scalar =>
  operatingPointLossOf(lossSums(inputs), inputs.operatingPoint);

/** The loss of images whose sums are known: of a whole batch, where the sums of its parts were added. */
export function operatingPointLossOf(sums: LossSums, operatingPoint: Tensor1D): Scalar {
  const { crossEntropy, tversky } = lossTerms(sums, operatingPoint);
  return tf.add(crossEntropy, tversky);
}

export function lossSums({ logits, labels, operatingPoint }: LossInputs): LossSums {
  const classCount = logits.shape[3];
  // An ignored pixel has no one-hot channel at all, so it adds to no sum of the truth.
  const truth = tf.oneHot(labels, classCount, 1, 0, 'float32') as Tensor4D;
  const known = tf.sum(truth, 3, true);
  const logProbabilities = tf.logSoftmax(logits, 3);
  const probabilities = tf.mul(tf.exp(logProbabilities), known);
  const classWeights = tf.concat([tf.ones([1]), tf.exp(tf.neg(operatingPoint))]);
  const foreground = (perPixel: Tensor) => tf.slice(tf.sum(perPixel, [0, 1, 2]), [1], [classCount - 1]);
  return {
    known: tf.sum(known),
    logLikelihood: tf.sum(tf.mul(tf.mul(truth, classWeights), logProbabilities)),
    truePositives: foreground(tf.mul(truth, probabilities)),
    predicted: foreground(probabilities),
    labelled: foreground(truth),
  };
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
export function lossTerms(
  { known, logLikelihood, truePositives, predicted, labelled }: LossSums,
  operatingPoint: Tensor1D,
): { crossEntropy: Scalar; tversky: Scalar } {
  const crossEntropy = tf.div(tf.neg(logLikelihood), tf.maximum(known, 1)) as Scalar;
  const falsePositives = tf.sub(predicted, truePositives);
  const falseNegatives = tf.sub(labelled, truePositives);
  const share = tf.sigmoid(operatingPoint);
  const errors = tf.add(tf.mul(share, falsePositives), tf.mul(tf.sub(1, share), falseNegatives));
  const overlap = tf.div(tf.add(truePositives, EPSILON), tf.add(tf.add(truePositives, errors), EPSILON));
  return { crossEntropy, tversky: tf.sub(1, tf.mean(overlap)) };
}
