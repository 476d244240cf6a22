import { describe, expect, it } from 'vitest';
import { learningRateAt } from './schedule.js';

const schedule = { learningRate: 0.4, warmupSteps: 4, steps: 12 };

describe('learningRateAt()', () => {
  it('rises by equal parts to the full rate, which the last warm-up step has', () => {
    expect([0, 1, 2, 3].map((step) => learningRateAt(step, schedule))).toEqual([0.1, 0.2, expect.closeTo(0.3), 0.4]);
  });

  it('falls along half a cosine: whole, half in the middle, nearly nothing at the last step', () => {
    expect(learningRateAt(4, schedule)).toBeCloseTo(0.4);
    expect(learningRateAt(8, schedule)).toBeCloseTo(0.2);
    expect(learningRateAt(11, schedule)).toBeCloseTo(0.2 * (1 + Math.cos((7 / 8) * Math.PI)));
    expect(learningRateAt(11, schedule)).toBeGreaterThan(0);
  });

  it('starts with the full rate where there is no warm-up', () => {
    expect(learningRateAt(0, { ...schedule, warmupSteps: 0 })).toBe(0.4);
  });
});
