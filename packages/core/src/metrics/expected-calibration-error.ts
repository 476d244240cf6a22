import { requireInput } from '../errors.js';
import type { ReliabilityBin } from '../schemas/round-artifacts.js';

export interface BinnedProbabilities {
  /** Shape (samples,), 0 to 1. */
  readonly probabilities: ArrayLike<number>;
  /** Shape (samples,): 1 where the sample is of the class, else 0. */
  readonly truths: ArrayLike<number>;
  readonly binCount: number;
}

/**
 * Reliability bins of equal width: mean probability against frequency of the class. Bins without samples are left out.
 *
 * @throws {ProbityError} `INVALID_INPUT` without samples, for shapes that disagree, or a probability outside [0, 1].
 */
export function fixedBins({ probabilities, truths, binCount }: BinnedProbabilities): ReliabilityBin[] {
  requireSamples({ probabilities, truths, binCount });
  const sums = Array.from({ length: binCount }, () => ({ count: 0, confidence: 0, frequency: 0 }));
  for (let i = 0; i < probabilities.length; i++) {
    const sum = sums[Math.min(binCount - 1, Math.floor(probabilities[i]! * binCount))]!;
    sum.count += 1;
    sum.confidence += probabilities[i]!;
    sum.frequency += truths[i]!;
  }
  return sums
    .map(({ count, confidence, frequency }, bin) => {
      return {
        low: bin / binCount,
        high: (bin + 1) / binCount,
        count,
        confidence: confidence / count,
        frequency: frequency / count,
      };
    })
    .filter(({ count }) => count > 0);
}

/**
 * Reliability bins of equal size, in ascending order of the probability: where most probabilities crowd near 0, bins
 * of equal width would judge by one bin alone. The first bins hold one sample more where the number does not divide.
 * Equal probabilities stay in the order of the samples, and may be parted by a border.
 *
 * @throws {ProbityError} `INVALID_INPUT` as `fixedBins`.
 * @see Nixon et al. 2019, Measuring Calibration in Deep Learning, arXiv:1904.01685
 */
export function adaptiveBins({ probabilities, truths, binCount }: BinnedProbabilities): ReliabilityBin[] {
  requireSamples({ probabilities, truths, binCount });
  const order = Uint32Array.from({ length: probabilities.length }, (_, i) => i).sort(
    (a, b) => probabilities[a]! - probabilities[b]! || a - b,
  );
  const size = Math.floor(order.length / binCount);
  const larger = order.length % binCount;
  const bins: ReliabilityBin[] = [];
  for (let bin = 0, start = 0; bin < binCount; bin++) {
    const members = order.subarray(start, start + size + (bin < larger ? 1 : 0));
    start += members.length;
    if (members.length === 0) continue;
    let [confidence, frequency] = [0, 0];
    for (const i of members) {
      confidence += probabilities[i]! / members.length;
      frequency += truths[i]! / members.length;
    }
    const [low, high] = [probabilities[members[0]!]!, probabilities[members.at(-1)!]!];
    bins.push({ low, high, count: members.length, confidence, frequency });
  }
  return bins;
}

/**
 * Expected calibration error: the mean distance between confidence and frequency, weighted by the bins' counts. 0 to 1.
 * With `fixedBins` the usual ECE, with `adaptiveBins` the adaptive one. Depends on the number of bins; biased upwards
 * where bins hold few samples.
 *
 * @throws {ProbityError} `INVALID_INPUT` without bins.
 * @see Guo et al. 2017, On Calibration of Modern Neural Networks, arXiv:1706.04599
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  requireInput(bins.length > 0, 'Cannot measure calibration: no bins');
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce(
    (sum, { count, confidence, frequency }) => sum + (count / total) * Math.abs(confidence - frequency),
    0,
  );
}

/**
 * Class-wise expected calibration error: the mean over classes of the ECE of each class against the rest.
 *
 * @param probabilities Shape (samples, classes), rows sum to 1.
 * @param labels Shape (samples,), class indices.
 * @throws {ProbityError} `INVALID_INPUT` as `fixedBins`.
 * @see Kull et al. 2019, Beyond temperature scaling, arXiv:1910.12656
 */
export function classWiseCalibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  { classCount, binCount }: { classCount: number; binCount: number },
): number {
  requireInput(
    probabilities.length === labels.length * classCount,
    `Cannot measure calibration: ${probabilities.length} probabilities for ${labels.length} samples and ${classCount} classes`,
  );
  let sum = 0;
  for (let c = 0; c < classCount; c++) {
    const ofClass = Float64Array.from({ length: labels.length }, (_, i) => probabilities[i * classCount + c]!);
    const truths = Uint8Array.from({ length: labels.length }, (_, i) => (labels[i] === c ? 1 : 0));
    sum += expectedCalibrationError(fixedBins({ probabilities: ofClass, truths, binCount }));
  }
  return sum / classCount;
}

function requireSamples({ probabilities, truths, binCount }: BinnedProbabilities): void {
  requireInput(
    Number.isInteger(binCount) && binCount >= 1,
    `Cannot measure calibration: ${binCount} bins, must be 1 or more`,
  );
  requireInput(probabilities.length > 0, 'Cannot measure calibration: no samples');
  requireInput(
    probabilities.length === truths.length,
    `Cannot measure calibration: ${probabilities.length} probabilities, ${truths.length} truths`,
  );
  for (let i = 0; i < probabilities.length; i++) {
    requireInput(
      probabilities[i]! >= 0 && probabilities[i]! <= 1,
      `Cannot measure calibration: probability ${probabilities[i]} is not in [0, 1]`,
    );
  }
}
