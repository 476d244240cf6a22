import { describe, expect, it } from 'vitest';
import { EMPTY_HISTORY, withLoss, type LossHistory } from './loss-history.js';

const curve = (losses: readonly number[], steps: number): LossHistory =>
  losses.reduce(
    (grown, loss, i) => withLoss(grown, { step: i + 1, loss }, { steps, endStep: losses.length }),
    EMPTY_HISTORY,
  );

describe('withLoss()', () => {
  it('has a point a step while the schedule is short', () => {
    expect(curve([3, 2, 1], 3).points).toEqual([
      { step: 1, loss: 3 },
      { step: 2, loss: 2 },
      { step: 3, loss: 1 },
    ]);
  });

  it('averages over the steps between points, and ends with one', () => {
    expect(curve([4, 2, 5, 3, 7], 200).points).toEqual([
      { step: 2, loss: 3 },
      { step: 4, loss: 4 },
      { step: 5, loss: 7 },
    ]);
  });

  it('has 100 points at most', () => {
    expect(
      curve(
        Array.from({ length: 1234 }, () => 1),
        1234,
      ).points.length,
    ).toBeLessThanOrEqual(100);
  });

  it('leaves the history it was given as it was', () => {
    const before = curve([1, 2], 2);
    withLoss(before, { step: 3, loss: 9 }, { steps: 3, endStep: 3 });
    expect(before.points).toHaveLength(2);
  });
});
