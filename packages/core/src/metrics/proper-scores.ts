import { PROBABILITY_FLOOR } from '../ensemble/collect-evidence.js';
import { requireInput } from '../errors.js';

export interface ClassProbabilities {
  /** Shape (samples, classes), 0 to 1, rows sum to 1. */
  readonly probabilities: ArrayLike<number>;
  /** Shape (samples,), class indices. */
  readonly labels: ArrayLike<number>;
  readonly classCount: number;
}

/**
 * Brier score: the mean over samples of Σ_c (p_c − y_c)², 0 (best) to 2. With two classes it is twice the score that
 * is usual for a single probability.
 *
 * @throws {ProbityError} `INVALID_INPUT` without samples, for shapes that disagree, or a label out of range.
 * @see Brier 1950
 */
export function brierScore(scores: ClassProbabilities): number {
  requireSamples(scores);
  const { probabilities, labels, classCount } = scores;
  let total = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const truth = labels[Math.floor(i / classCount)] === i % classCount ? 1 : 0;
    total += (probabilities[i]! - truth) ** 2;
  }
  return total / labels.length;
}

/**
 * Mean negative log-likelihood −ln p_label, in nats; p is clipped to 1e-7 from below, so that one certain mistake does
 * not make the mean infinite.
 *
 * @throws {ProbityError} `INVALID_INPUT` as `brierScore`.
 */
export function negativeLogLikelihood(scores: ClassProbabilities): number {
  requireSamples(scores);
  const { probabilities, labels, classCount } = scores;
  let total = 0;
  for (let i = 0; i < labels.length; i++)
    total -= Math.log(Math.max(PROBABILITY_FLOOR, probabilities[i * classCount + labels[i]!]!));
  return total / labels.length;
}

function requireSamples({ probabilities, labels, classCount }: ClassProbabilities): void {
  requireInput(labels.length > 0, 'Cannot score probabilities: no samples');
  requireInput(
    probabilities.length === labels.length * classCount,
    `Cannot score probabilities: ${probabilities.length} for ${labels.length} samples and ${classCount} classes`,
  );
  for (let i = 0; i < labels.length; i++) {
    const isClass = Number.isInteger(labels[i]) && labels[i]! >= 0 && labels[i]! < classCount;
    requireInput(isClass, `Cannot score probabilities: label ${labels[i]} is not below ${classCount}`);
  }
  for (let i = 0; i < probabilities.length; i++) {
    requireInput(!Number.isNaN(probabilities[i]), 'Cannot score probabilities: a probability is NaN');
  }
}
