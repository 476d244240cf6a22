import type { ProbabilityMap } from '../schemas/round-artifacts.js';
import { countVotes } from './pattern-counts.js';

/**
 * The calibrated probability p̂ of a class where a committee shows a vote pattern, clipped to [0, 1].
 *
 * @param pattern Bit i is set where member i votes for the class.
 */
export function applyMap(map: ProbabilityMap, pattern: number): number {
  return Math.min(1, Math.max(0, rawValue(map, pattern)));
}

/** `applyMap` of every pattern, shape (2^memberCount,), to look pixels up in. */
export function tabulateMap(map: ProbabilityMap, memberCount: number): Float64Array {
  return Float64Array.from({ length: 2 ** memberCount }, (_, pattern) => applyMap(map, pattern));
}

function rawValue(map: ProbabilityMap, pattern: number): number {
  if (map.kind === 'votes') {
    const probability = map.probabilities[countVotes(pattern)];
    if (probability === undefined) throw new Error(`Bug: pattern ${pattern} has more votes than the map has members`);
    return probability;
  }
  if (pattern === 0) return map.zero;
  return map.weights.reduce((sum, weight, member) => (((pattern >> member) & 1) === 1 ? sum + weight : sum), 0);
}
