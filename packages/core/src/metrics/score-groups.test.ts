import { describe, expect, it } from 'vitest';
import { meanScore, scoreDifference, scoreGroups } from './score-groups.js';

const item = (group: string, ...scores: number[]) => ({ group, scores });

describe('scoreGroups()', () => {
  it('is the mean over all scores of the items of a group', () => {
    expect(scoreGroups([item('b', 0.5), item('a', 0.2, 0.4), item('a', 0.9)])).toEqual({
      a: expect.closeTo(0.5, 12),
      b: 0.5,
    });
  });

  it('leaves out groups without scores', () => {
    expect(scoreGroups([item('a'), item('b', 1), item('b')])).toEqual({ b: 1 });
  });
});

describe('meanScore()', () => {
  it('lets every group count the same, however many items it has', () => {
    expect(meanScore([item('a', 1), item('a', 1), item('a', 1), item('b', 0)], 1).value).toBe(0.5);
  });

  it('rejects items without scores with INVALID_INPUT', () => {
    expect(() => meanScore([item('a')], 1)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('scoreDifference()', () => {
  it('compares group by group', () => {
    const { value, low, high } = scoreDifference([item('a', 0.6), item('b', 0.9)], [item('b', 0.8), item('a', 0.5)], 1);
    for (const limit of [value, low, high]) expect(limit).toBeCloseTo(0.1, 12);
  });

  it('counts rightly finding nothing as 1 against a false alarm', () => {
    expect(scoreDifference([item('a'), item('b', 0.5)], [item('a', 0), item('b', 0.5)], 1).value).toBe(0.5);
  });
});
