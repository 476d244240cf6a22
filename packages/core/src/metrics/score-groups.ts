import type { Interval } from '../schemas/round-artifacts.js';
import { bootstrapMean, bootstrapPairedDifference } from './bootstrap-over-groups.js';

export interface ScoredItem {
  readonly group: string;
  /** One score a foreground class, 0 to 1; a class that neither prediction nor truth shows has none. */
  readonly scores: readonly number[];
}

/**
 * The mean score of each group over all scores of its items, keys in ascending order. A group without any score, in
 * which there was nothing to find and nothing was found, is left out.
 */
export function scoreGroups(items: readonly ScoredItem[]): Record<string, number> {
  const byGroup = new Map<string, number[]>();
  for (const { group, scores } of items) byGroup.set(group, [...(byGroup.get(group) ?? []), ...scores]);
  const scored = [...byGroup].filter(([, scores]) => scores.length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    scored.map(([group, scores]) => [group, scores.reduce((sum, score) => sum + score, 0) / scores.length]),
  );
}

/**
 * The test score of a round: the mean over groups, with its interval.
 *
 * @throws {ProbityError} `INVALID_INPUT` where no group has a score.
 */
export function meanScore(items: readonly ScoredItem[], seed: number): Interval {
  return bootstrapMean(Object.values(scoreGroups(items)), seed);
}

/**
 * The difference of two rounds on the same test items, paired over groups. A group that has a score in one round only
 * shows no object, and the other round rightly found none: that counts as 1.
 *
 * @throws {ProbityError} `INVALID_INPUT` where no group has a score in either round.
 */
export function scoreDifference(ours: readonly ScoredItem[], theirs: readonly ScoredItem[], seed: number): Interval {
  const [first, second] = [scoreGroups(ours), scoreGroups(theirs)];
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  const complete = (scores: Record<string, number>) =>
    Object.fromEntries(names.map((name) => [name, scores[name] ?? 1]));
  return bootstrapPairedDifference(complete(first), complete(second), seed);
}
