import { describe, expect, it } from 'vitest';
import { groupsNeeded, promiseLimit, requirePromise } from './promise-limit.js';

describe('promiseLimit()', () => {
  it('is one in n + 1', () => {
    expect([0, 1, 6, 19].map(promiseLimit)).toEqual([1, 0.5, 1 / 7, 0.05]);
  });

  it('rejects what is no number of groups with INVALID_INPUT', () => {
    for (const count of [-1, 0.5, NaN])
      expect(() => promiseLimit(count)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('groupsNeeded()', () => {
  it.each([
    [0.05, 19],
    [0.1, 9],
    [0.2, 4],
    [0.3, 3],
    [0.5, 1],
  ])('for an error of %d is %i, the first that allows it', (errorMax, count) => {
    expect(groupsNeeded(errorMax)).toBe(count);
    expect(promiseLimit(count)).toBeLessThanOrEqual(errorMax + 1e-12);
    expect(promiseLimit(count - 1)).toBeGreaterThan(errorMax);
  });
});

describe('requirePromise()', () => {
  it('lets 19 groups promise 5 %, in spite of rounding', () => {
    expect(() => requirePromise(0.05, 19)).not.toThrow();
  });

  it('says what can be promised, and how many groups the wanted error takes', () => {
    expect(() => requirePromise(0.05, 6)).toThrow(
      expect.objectContaining({
        code: 'PROMISE_IMPOSSIBLE',
        details: { errorMax: 0.05, groupCount: 6, errorMin: 1 / 7, groupsNeeded: 19 },
      }),
    );
    expect(() => requirePromise(0.143, 6)).not.toThrow(); // what the message advises
  });
});
