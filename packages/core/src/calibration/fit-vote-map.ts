import { requireInput } from '../errors.js';
import type { ProbabilityMap } from '../schemas/round-artifacts.js';
import { countVotes, type PatternCount } from './pattern-counts.js';

/**
 * Fits the vote lookup P_j = #{true, j votes} / #{j votes}, j = 0 … m: the probability of a class by the number of
 * members that vote for it.
 *
 * Unlike the paper, which sets P_0 = 0, the bin without votes has its own measured rate: with P_0 = 0 a missed object
 * could not be seen. A bin that nobody measured is filled on the straight line between the nearest measured bins on
 * its two sides, or takes the nearest one's value where only one side is measured; so filling never turns a rising
 * table into a falling one. Measured rates are kept as they are, even where they fall.
 * Cost: O(patterns + members).
 *
 * @param counts Out-of-fold counts, see `poolPatterns`.
 * @throws {ProbityError} `INVALID_INPUT` if nothing was counted.
 * @see Buddenkotte et al. 2023, arXiv:2209.09563
 */
export function fitVoteMap(counts: readonly PatternCount[], memberCount: number): ProbabilityMap {
  const pixels = new Float64Array(memberCount + 1);
  const truePixels = new Float64Array(memberCount + 1);
  for (const { pattern, count, trueCount } of counts) {
    pixels[countVotes(pattern)]! += count;
    truePixels[countVotes(pattern)]! += trueCount;
  }
  const measured = Array.from(pixels, (count, votes) => (count > 0 ? truePixels[votes]! / count : undefined));
  requireInput(
    measured.some((rate) => rate !== undefined),
    'Cannot fit vote map: no out-of-fold pixel was counted',
  );
  return { kind: 'votes', probabilities: measured.map((rate, votes) => rate ?? fill(measured, votes)) };
}

function fill(measured: readonly (number | undefined)[], votes: number): number {
  const isMeasured = (rate: number | undefined) => rate !== undefined;
  const below = measured.findLastIndex((rate, j) => j < votes && isMeasured(rate));
  const above = measured.findIndex((rate, j) => j > votes && isMeasured(rate));
  if (below < 0) return measured[above]!;
  if (above < 0) return measured[below]!;
  const share = (votes - below) / (above - below);
  return measured[below]! + share * (measured[above]! - measured[below]!);
}
