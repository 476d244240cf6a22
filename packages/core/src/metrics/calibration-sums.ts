import { PROBABILITY_FLOOR, SCORE_BIN_COUNT } from '../ensemble/collect-evidence.js';
import { requireInput } from '../errors.js';
import type { CalibrationError, Interval, ItemEvidence, ReliabilityBin } from '../schemas/round-artifacts.js';
import { bootstrapOverGroups } from './bootstrap-over-groups.js';

/** Equal bins of the reports. Ten, so that bins stay filled where pixels are few; evidence keeps fifty. */
export const REPORT_BIN_COUNT = 10;

/** Everything ECE, Brier score and log-likelihood of one group's pixels need, for one class against the rest. */
export interface CalibrationSums {
  /** Shape (REPORT_BIN_COUNT,) each: pixels, sum of probability, true pixels. */
  readonly counts: Float64Array;
  readonly confidenceSums: Float64Array;
  readonly trueCounts: Float64Array;
  squaredErrorSum: number;
  nllSum: number;
}

export function createCalibrationSums(): CalibrationSums {
  const zeros = () => new Float64Array(REPORT_BIN_COUNT);
  return { counts: zeros(), confidenceSums: zeros(), trueCounts: zeros(), squaredErrorSum: 0, nllSum: 0 };
}

/**
 * Adds pixels that share one predicted probability.
 *
 * @param probability 0 to 1.
 */
export function addPixels(
  sums: CalibrationSums,
  { probability, count, trueCount }: { probability: number; count: number; trueCount: number },
): void {
  const bin = reportBin(probability);
  const falseCount = count - trueCount;
  sums.counts[bin]! += count;
  sums.confidenceSums[bin]! += probability * count;
  sums.trueCounts[bin]! += trueCount;
  sums.squaredErrorSum += trueCount * (1 - probability) ** 2 + falseCount * probability ** 2;
  sums.nllSum -= trueCount * floorLog(probability) + falseCount * floorLog(1 - probability);
}

/** Adds the score bins of an item's evidence: the committee's mean softmax, as it comes. */
export function addScores(sums: CalibrationSums, scores: ItemEvidence['classes'][number]['scores']): void {
  for (const [scoreBin, count, scoreSum, trueCount, squaredErrorSum, nllSum] of scores) {
    const bin = Math.floor((scoreBin * REPORT_BIN_COUNT) / SCORE_BIN_COUNT); // score bins nest in report bins
    sums.counts[bin]! += count;
    sums.confidenceSums[bin]! += scoreSum;
    sums.trueCounts[bin]! += trueCount;
    sums.squaredErrorSum += squaredErrorSum;
    sums.nllSum += nllSum;
  }
}

/**
 * Expected calibration error over ten equal bins, Brier score and negative log-likelihood (nats) over all pixels
 * pooled, each with an interval over groups, and the bins that hold pixels.
 *
 * The probability of what came true is clipped to 1e-7 from below in the log-likelihood. Cost: O(1000 · groups).
 *
 * @param groups One entry a group that has pixels.
 * @throws {ProbityError} `INVALID_INPUT` if nobody has pixels.
 * @see Guo et al. 2017, arXiv:1706.04599 (ECE)
 */
export function calibrationErrorOf(groups: readonly CalibrationSums[], seed: number): CalibrationError {
  const filled = groups.filter((group) => pixelCount(group) > 0);
  requireInput(filled.length > 0, 'Cannot measure calibration: no pixels');
  // Sums of a resample are sums of rows: one short row a group keeps a thousand resamples of thousands of groups cheap.
  const rows = filled.map(asRow);
  const interval = (statistic: (sums: Float64Array) => number) =>
    holdingValue(bootstrapOverGroups({ groups: rows, statistic: (sample) => statistic(sumRows(sample)), seed }));
  return {
    ece: interval((sums) => sums.subarray(ROW.gaps).reduce((sum, gap) => sum + Math.abs(gap), 0) / sums[ROW.pixels]!),
    brier: interval((sums) => sums[ROW.squaredError]! / sums[ROW.pixels]!),
    nll: interval((sums) => sums[ROW.nll]! / sums[ROW.pixels]!),
    bins: poolBins(filled),
  };
}

/**
 * Widened to hold the value. Resampling groups adds noise to every bin, and the calibration error, a sum of absolute
 * values, can only grow by it: where the error is near 0 the percentiles would lie above the error itself.
 */
const holdingValue = (interval: Interval): Interval => ({
  ...interval,
  low: Math.min(interval.low, interval.value),
  high: Math.max(interval.high, interval.value),
});

/** Places in a row; from `gaps` on, one a bin: sum of probability minus true pixels. ECE = Σ |gap| / pixels. */
const ROW = { pixels: 0, squaredError: 1, nll: 2, gaps: 3 } as const;

function asRow(sums: CalibrationSums): Float64Array {
  const gaps = Array.from(sums.confidenceSums, (confidence, bin) => confidence - sums.trueCounts[bin]!);
  return Float64Array.from([pixelCount(sums), sums.squaredErrorSum, sums.nllSum, ...gaps]);
}

function sumRows(rows: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(ROW.gaps + REPORT_BIN_COUNT);
  for (const row of rows) for (let i = 0; i < sums.length; i++) sums[i]! += row[i]!;
  return sums;
}

function poolBins(groups: readonly CalibrationSums[]): ReliabilityBin[] {
  return Array.from({ length: REPORT_BIN_COUNT }, (_, bin) => {
    const count = total(groups, ({ counts }) => counts[bin]!);
    const confidence = total(groups, ({ confidenceSums }) => confidenceSums[bin]!) / count;
    const frequency = total(groups, ({ trueCounts }) => trueCounts[bin]!) / count;
    return { low: bin / REPORT_BIN_COUNT, high: (bin + 1) / REPORT_BIN_COUNT, count, confidence, frequency };
  }).filter(({ count }) => count > 0);
}

function reportBin(probability: number): number {
  return Math.min(REPORT_BIN_COUNT - 1, Math.floor(probability * REPORT_BIN_COUNT));
}

function floorLog(probability: number): number {
  return Math.log(Math.max(PROBABILITY_FLOOR, probability));
}

function pixelCount({ counts }: CalibrationSums): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function total(sample: readonly CalibrationSums[], part: (group: CalibrationSums) => number): number {
  return sample.reduce((sum, group) => sum + part(group), 0);
}
