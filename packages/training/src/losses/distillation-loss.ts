import tf from '@tensorflow/tfjs';
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs';

export interface DistillationInputs {
  /** Shape (n, h, w, classes). */
  readonly logits: Tensor4D;
  /** Probabilities that sum to 1 in each pixel; all 0 where it teaches nothing. Shape (n, h, w, classes). */
  readonly targets: Tensor4D;
}

/** Sums over pixels that the loss is made of, scalars; those of a batch are those of its parts, added. */
export interface DistillationSums {
  /** Σ t: the pixels that teach. */
  readonly taught: Tensor;
  /** Σ t · log q. */
  readonly logLikelihood: Tensor;
}

export const distillationSums = ({ logits, targets }: DistillationInputs): DistillationSums => ({
  taught: tf.sum(targets),
  logLikelihood: tf.sum(tf.mul(targets, tf.logSoftmax(logits, 3))),
});

/**
 * The loss of a student: cross-entropy to the targets, in nats, its mean over the pixels that teach,
 *
 *     L = Σ t · (−log q) / max(Σ t, 1).
 *
 * It is the Kullback–Leibler divergence from q to t but for the targets' own entropy, which no weight changes, so its
 * smallest value is at q = t. No class weighs more than another and no overlap term is added: either would move that
 * minimum away from the targets, and the student would not be calibrated where they are.
 *
 * @see Hinton, Vinyals and Dean 2015, arXiv 1503.02531, at temperature 1
 */
export const distillationLossOf = ({ taught, logLikelihood }: DistillationSums): Scalar =>
  tf.div(tf.neg(logLikelihood), tf.maximum(taught, 1)) as Scalar;
