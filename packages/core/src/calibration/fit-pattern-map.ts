import { requireInput } from '../errors.js';
import { solveLeastSquares } from '../numerics/solve-least-squares.js';
import { solveSimplexQuadratic } from '../numerics/solve-simplex-quadratic.js';
import type { ProbabilityMap } from '../schemas/round-artifacts.js';
import { hasVote, type PatternCount } from './pattern-counts.js';

/**
 * Fits the paper's map p̂(x) = Σ a_i · 1[member i votes at x] by a = argmin Σ_v (n_v · v·a − k_v)² over the non-empty
 * patterns v; the shortest a where several are best.
 *
 * The squares weigh a pattern by n_v², so frequent patterns rule, and nothing keeps p̂ in [0, 1] or rising with votes:
 * `applyMap` clips. Kept for comparison; `fitNonNegativePatternMap` has neither fault. Where no member votes, the
 * measured rate is used instead of the paper's 0; it is 0 where that was never measured.
 * A committee that never votes gets weights 0 and so never calls anything foreground.
 *
 * @throws {ProbityError} `INVALID_INPUT` if nothing was counted.
 * @see Buddenkotte et al. 2023, arXiv:2209.09563
 */
export function fitPatternMap(counts: readonly PatternCount[], memberCount: number): ProbabilityMap {
  const voted = requireCounts(counts);
  const columns = Array.from({ length: memberCount }, (_, member) =>
    Float64Array.from(voted, ({ pattern, count }) => (hasVote(pattern, member) ? count : 0)),
  );
  const weights = solveLeastSquares(
    columns,
    Float64Array.from(voted, ({ trueCount }) => trueCount),
  );
  return { kind: 'patterns', weights, zero: zeroRate(counts) };
}

/**
 * Fits p̂(x) = Σ a_i · 1[member i votes at x] with a ≥ 0 and Σ a ≤ 1 by a = argmin Σ_v n_v · (v·a − k_v / n_v)²: the
 * map of this form with the best Brier score on the voted pixels. p̂ stays in [0, 1] and never falls when a vote is
 * added. Where patterns nest, as those of growing operating points do, this is the best monotone vote table with
 * P_0 = 0 at its foot. The pixels without votes have their own measured rate, see `fitPatternMap`; a pixel on which
 * members vote whose weights are 0 may thus fall below it.
 *
 * @throws {ProbityError} `INVALID_INPUT` if nothing was counted.
 */
export function fitNonNegativePatternMap(counts: readonly PatternCount[], memberCount: number): ProbabilityMap {
  const voted = requireCounts(counts);
  const total = voted.reduce((sum, { count }) => sum + count, 0);
  if (total === 0)
    return { kind: 'patterns', weights: Array.from({ length: memberCount }, () => 0), zero: zeroRate(counts) };
  const matrix = Array.from({ length: memberCount }, () => new Float64Array(memberCount));
  const linear = new Float64Array(memberCount);
  for (const { pattern, count, trueCount } of voted) {
    for (let i = 0; i < memberCount; i++) {
      if (!hasVote(pattern, i)) continue;
      linear[i]! += trueCount / total;
      for (let j = 0; j < memberCount; j++) if (hasVote(pattern, j)) matrix[i]![j]! += count / total;
    }
  }
  return { kind: 'patterns', weights: solveSimplexQuadratic({ matrix, linear }), zero: zeroRate(counts) };
}

function requireCounts(counts: readonly PatternCount[]): PatternCount[] {
  requireInput(
    counts.some(({ count }) => count > 0),
    'Cannot fit pattern map: no out-of-fold pixel was counted',
  );
  return counts.filter(({ pattern, count }) => pattern !== 0 && count > 0);
}

function zeroRate(counts: readonly PatternCount[]): number {
  const zero = counts.find(({ pattern }) => pattern === 0);
  return zero === undefined || zero.count === 0 ? 0 : zero.trueCount / zero.count;
}
