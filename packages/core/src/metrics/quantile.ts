import { requireInput } from '../errors.js';

/**
 * The quantile of a sample by linear interpolation between order statistics, as numpy's default and R's type 7.
 *
 * @param sorted Ascending, no NaN.
 * @param probability 0 to 1.
 * @throws {ProbityError} `INVALID_INPUT` for an empty sample.
 * @see Hyndman and Fan 1996, Sample Quantiles in Statistical Packages
 */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  requireInput(sorted.length > 0, 'Cannot take quantile: the sample is empty');
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}
