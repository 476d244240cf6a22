import { requireInput } from '../errors.js';
import type { CalibrationSpec } from '../schemas/campaign-spec.js';
import type { ItemEvidence } from '../schemas/round-artifacts.js';

/** Weighted counts of one vote pattern v: n_v pixels, k_v of them true. Pattern 0 is "no member votes". */
export interface PatternCount {
  readonly pattern: number;
  readonly count: number;
  readonly trueCount: number;
}

/**
 * Pools the vote patterns of several items for one foreground class, in ascending order of the pattern.
 *
 * `pixels`: every pixel counts one, so that large objects rule. `items`: the pixels with votes of each item weigh 1
 * together, and so do its pixels without votes, so that every item counts the same whatever the size of its object.
 * Cost: O(items · patterns).
 *
 * @throws {ProbityError} `INVALID_INPUT` if an item lacks the class.
 */
export function poolPatterns(
  items: readonly ItemEvidence[],
  { classIndex, weighting }: { classIndex: number; weighting: CalibrationSpec['weighting'] },
): PatternCount[] {
  const pooled = new Map<number, { count: number; trueCount: number }>();
  for (const { id, classes } of items) {
    const patterns = classes.find((evidence) => evidence.classIndex === classIndex)?.patterns;
    requireInput(patterns !== undefined, `Cannot pool evidence of item "${id}": no class ${classIndex}`);
    const voted = patterns.reduce((sum, [pattern, count]) => (pattern === 0 ? sum : sum + count), 0);
    for (const [pattern, count, trueCount] of patterns) {
      const weight = weighting === 'pixels' ? 1 : 1 / (pattern === 0 ? count : voted);
      const sums = pooled.get(pattern) ?? { count: 0, trueCount: 0 };
      pooled.set(pattern, { count: sums.count + weight * count, trueCount: sums.trueCount + weight * trueCount });
    }
  }
  return [...pooled].map(([pattern, sums]) => ({ pattern, ...sums })).sort((a, b) => a.pattern - b.pattern);
}

/** Number of members that vote in a pattern. */
export function countVotes(pattern: number): number {
  let votes = 0;
  for (let bits = pattern; bits > 0; bits >>= 1) votes += bits & 1;
  return votes;
}

/** Whether the member of that index votes in a pattern: its bit is set. */
export const hasVote = (pattern: number, member: number): boolean => ((pattern >> member) & 1) === 1;
