import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbabilityMap } from '../schemas/round-artifacts.js';
import { applyMap, tabulateMap } from './apply-map.js';
import { fitNonNegativePatternMap, fitPatternMap } from './fit-pattern-map.js';
import { fitVoteMap } from './fit-vote-map.js';
import { countVotes, type PatternCount } from './pattern-counts.js';
import oracle from './probability-maps.oracle.json' with { type: 'json' };

const weightsOf = (map: ProbabilityMap) => (map.kind === 'patterns' ? map.weights : []);
const anyCounts = fc
  .array(
    fc.record({
      pattern: fc.nat(31),
      count: fc.integer({ min: 1, max: 1_000_000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    {
      minLength: 1,
      maxLength: 32,
    },
  )
  .map((rows): PatternCount[] => {
    const byPattern = new Map(rows.map((row) => [row.pattern, row]));
    return [...byPattern.values()].map(({ pattern, count, share }) => ({
      pattern,
      count,
      trueCount: Math.floor(share * count),
    }));
  });

function misfit(weights: readonly number[], counts: readonly PatternCount[]): number {
  const voted = counts.filter(({ pattern }) => pattern !== 0);
  const total = voted.reduce((sum, { count }) => sum + count, 0);
  const value = (pattern: number) => weights.reduce((sum, weight, i) => ((pattern >> i) & 1 ? sum + weight : sum), 0);
  return voted.reduce(
    (sum, { pattern, count, trueCount }) => sum + (count / total) * (value(pattern) - trueCount / count) ** 2,
    0,
  );
}

describe('fitVoteMap()', () => {
  it.each(oracle.cases)('agrees with numpy on $name', ({ counts, memberCount, votes }) => {
    const map = fitVoteMap(counts, memberCount);
    expect(map.kind === 'votes' && map.probabilities).toHaveLength(memberCount + 1);
    votes.forEach((probability, j) => expect(applyMap(map, 2 ** j - 1)).toBeCloseTo(probability, 12));
  });

  it('gives the bin without votes its own rate', () => {
    expect(applyMap(fitVoteMap([{ pattern: 0, count: 100, trueCount: 3 }], 2), 0)).toBe(0.03);
  });

  it('takes the nearest value where only one side was measured', () => {
    expect(fitVoteMap([{ pattern: 0b11, count: 4, trueCount: 2 }], 4)).toEqual({
      kind: 'votes',
      probabilities: [0.5, 0.5, 0.5, 0.5, 0.5],
    });
  });

  it('keeps a rising table rising when it fills', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(100)), { minLength: 2, maxLength: 8 }), (rates) => {
        fc.pre(rates.some((rate) => rate !== null));
        const rising = rates.filter((rate) => rate !== null).sort((a, b) => a - b);
        const counts = rates.flatMap((rate, j) =>
          rate === null ? [] : [{ pattern: 2 ** j - 1, count: 100, trueCount: rising.shift()! }],
        );
        const map = fitVoteMap(counts, rates.length - 1);
        const table = rates.map((_, j) => applyMap(map, 2 ** j - 1));
        table.slice(1).forEach((value, j) => expect(value).toBeGreaterThanOrEqual(table[j]! - 1e-12));
      }),
    );
  });
});

describe('fitPatternMap()', () => {
  it.each(oracle.cases)('agrees with numpy.linalg.lstsq on $name', ({ counts, memberCount, paper }) => {
    weightsOf(fitPatternMap(counts, memberCount)).forEach((weight, i) => expect(weight).toBeCloseTo(paper[i]!, 8));
  });

  it('gives weight 0 to a member that never votes', () => {
    expect(weightsOf(fitPatternMap([{ pattern: 0b01, count: 10, trueCount: 5 }], 2))).toEqual([0.5, 0]);
  });

  it('shares the weight of members that always vote together', () => {
    const [first, second] = weightsOf(fitPatternMap([{ pattern: 0b11, count: 10, trueCount: 8 }], 2));
    expect(first).toBeCloseTo(0.4, 12);
    expect(second).toBeCloseTo(0.4, 12);
  });
});

describe('fitNonNegativePatternMap()', () => {
  it.each(oracle.cases)('agrees with scipy on $name', ({ counts, memberCount, nonNegative }) => {
    const weights = weightsOf(fitNonNegativePatternMap(counts, memberCount));
    expect(misfit(weights, counts)).toBeCloseTo(misfit(nonNegative, counts), 9);
    expect(misfit(weights, counts)).toBeLessThanOrEqual(misfit(nonNegative, counts) + 1e-12);
  });

  it('stays in [0, 1] and never falls when a vote is added', () => {
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const map = fitNonNegativePatternMap(counts, 5);
        const weights = weightsOf(map);
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('is optimal: no small step inside the bounds fits better', () => {
    fc.assert(
      fc.property(anyCounts, (counts) => {
        fc.pre(counts.some(({ pattern }) => pattern !== 0));
        const weights = weightsOf(fitNonNegativePatternMap(counts, 5));
        const best = misfit(weights, counts);
        const corners = [[0, 0, 0, 0, 0], ...weights.map((_, i) => weights.map((__, j) => (i === j ? 1 : 0)))];
        for (const corner of corners) {
          const stepped = weights.map((weight, i) => weight + 1e-3 * (corner[i]! - weight));
          expect(misfit(stepped, counts)).toBeGreaterThanOrEqual(best - 1e-10);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never calls anything foreground where the committee never voted', () => {
    const map = fitNonNegativePatternMap([{ pattern: 0, count: 50, trueCount: 1 }], 2);
    expect(map).toEqual({ kind: 'patterns', weights: [0, 0], zero: 0.02 });
  });
});

describe('applyMap()', () => {
  it('clips what the unbounded fit leaves outside [0, 1]', () => {
    const map: ProbabilityMap = { kind: 'patterns', weights: [1.4, -0.6], zero: 0.1 };
    expect([0b00, 0b01, 0b10, 0b11].map((pattern) => applyMap(map, pattern))).toEqual([
      0.1,
      1,
      0,
      expect.closeTo(0.8, 12),
    ]);
  });

  it('agrees with its table', () => {
    const map: ProbabilityMap = { kind: 'votes', probabilities: [0, 0.2, 0.6, 0.9] };
    expect([...tabulateMap(map, 3)]).toEqual(
      Array.from({ length: 8 }, (_, pattern) => map.probabilities[countVotes(pattern)]),
    );
  });
});

it.each([
  ['fitVoteMap', fitVoteMap],
  ['fitPatternMap', fitPatternMap],
  ['fitNonNegativePatternMap', fitNonNegativePatternMap],
])('%s() rejects empty evidence with INVALID_INPUT', (_, fit) => {
  expect(() => fit([], 3)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});
