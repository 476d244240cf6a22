import { describe, expect, it } from 'vitest';
import { jobsByRule, slotsToMeasure } from './job-rule.js';

describe('jobsByRule()', () => {
  it.each([1, 2, 16, 64])('uses all of %i cores and never more', (cores) => {
    const { slots, threads } = jobsByRule({ cores, memoryBytes: 64e9 });
    expect(slots * threads).toBeLessThanOrEqual(cores);
    expect(slots * threads).toBeGreaterThan(cores / 2);
  });

  it('runs no more jobs than memory holds, and always one', () => {
    expect(jobsByRule({ cores: 4, memoryBytes: 5e9 })).toEqual({ slots: 2, threads: 2 });
    expect(jobsByRule({ cores: 4, memoryBytes: 5e8 })).toEqual({ slots: 1, threads: 4 });
  });
});

describe('slotsToMeasure()', () => {
  it.each([
    [1, 64e9, [1]],
    [2, 64e9, [1, 2]],
    [3, 64e9, [1, 2, 3]],
    [4, 64e9, [1, 2, 4]],
    [6, 64e9, [1, 2, 4, 5]],
    [64, 64e9, [1, 2, 4, 5]],
    [64, 7e9, [1, 2, 3]],
    [64, 1e9, [1]],
  ])('with %i cores and %d bytes is %j', (cores, memoryBytes, slots) => {
    expect(slotsToMeasure({ cores, memoryBytes })).toEqual(slots);
  });

  it.each([1, 2, 3, 5, 8])('holds what the rule takes on %i cores, which others are compared with', (cores) => {
    const capacity = { cores, memoryBytes: 64e9 };
    expect(slotsToMeasure(capacity)).toContain(jobsByRule(capacity).slots);
  });
});
