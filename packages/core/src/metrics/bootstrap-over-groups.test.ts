import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMean, bootstrapOverGroups, bootstrapPairedDifference } from './bootstrap-over-groups.js';
import oracle from './bootstrap-over-groups.oracle.json' with { type: 'json' };
import { quantile } from './quantile.js';

const invalid = expect.objectContaining({ code: 'INVALID_INPUT' });

describe('bootstrapMean()', () => {
  // Other random draws, so other limits: a 2.5 % quantile of 1000 draws has a standard deviation of about 0.1 standard errors.
  it.each(oracle.cases)('agrees with scipy.stats.bootstrap on $name', ({ values, mean, low, high, standardError }) => {
    const interval = bootstrapMean(values, 1);
    expect(interval.value).toBeCloseTo(mean, 12);
    expect(Math.abs(interval.low - low)).toBeLessThan(0.3 * standardError);
    expect(Math.abs(interval.high - high)).toBeLessThan(0.3 * standardError);
    expect(interval.level).toBe(0.95);
  });

  it('is the value alone with one group', () => {
    expect(bootstrapMean([0.7], 1)).toEqual({ value: 0.7, low: 0.7, high: 0.7, level: 0.95 });
  });

  it('is the same for the same seed and another for another', () => {
    const values = [0.1, 0.5, 0.7, 0.9];
    expect(bootstrapMean(values, 1)).toEqual(bootstrapMean(values, 1));
    expect([2, 3, 4].some((seed) => bootstrapMean(values, seed).low !== bootstrapMean(values, 1).low)).toBe(true);
  });

  it('lies within the range of the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 12 }),
        fc.nat(),
        (values, seed) => {
          const { low, high } = bootstrapMean(values, seed);
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
          expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each([
    ['no groups', []],
    ['a NaN', [0.5, NaN]],
    ['an overflow', [Number.MAX_VALUE, Number.MAX_VALUE]],
  ])('rejects %s with INVALID_INPUT', (_, values) => {
    expect(() => bootstrapMean(values, 1)).toThrow(invalid);
  });
});

describe('bootstrapOverGroups()', () => {
  it('draws groups whole', () => {
    const groups = [[1, 1, 1], [5]];
    const pooled = (sample: readonly (readonly number[])[]) =>
      sample.flat().reduce((a, b) => a + b, 0) / sample.flat().length;
    expect(bootstrapOverGroups({ groups, statistic: pooled, seed: 1 })).toMatchObject({ value: 2, low: 1, high: 5 });
  });
});

describe('bootstrapPairedDifference()', () => {
  it('does not widen with what makes a group hard for both', () => {
    const theirs = { a: 0.1, b: 0.5, c: 0.9 };
    const ours = { c: 0.95, a: 0.15, b: 0.55 };
    const { value, low, high } = bootstrapPairedDifference(ours, theirs, 1);
    for (const limit of [value, low, high]) expect(limit).toBeCloseTo(0.05, 12);
  });

  it.each([
    ['other groups', { a: 1 }, { b: 1 }],
    ['fewer groups', { a: 1 }, { a: 1, b: 1 }],
    ['no groups', {}, {}],
  ])('rejects %s with INVALID_INPUT', (_, ours, theirs) => {
    expect(() => bootstrapPairedDifference(ours, theirs, 1)).toThrow(invalid);
  });
});

describe('quantile()', () => {
  it('interpolates between order statistics', () => {
    expect([0, 0.25, 0.5, 1].map((p) => quantile([1, 2, 4], p))).toEqual([1, 1.5, 2, 4]);
    expect(quantile([7], 0.3)).toBe(7);
  });

  it('rejects an empty sample with INVALID_INPUT', () => {
    expect(() => quantile([], 0.5)).toThrow(invalid);
  });
});
