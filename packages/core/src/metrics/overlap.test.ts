import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOverlap, diceOf, iouOf } from './overlap.js';
import oracle from './overlap.oracle.json' with { type: 'json' };

const mask = (...values: number[]) => Uint8Array.from(values);

describe('diceOf() and iouOf()', () => {
  it.each(oracle.cases)('agree with scikit-learn on $name', ({ prediction, truth, dice, iou }) => {
    const overlap = countOverlap(mask(...prediction), mask(...truth), 1);
    expect(diceOf(overlap)).toBeCloseTo(dice, 12);
    expect(iouOf(overlap)).toBeCloseTo(iou, 12);
  });

  it('are absent where neither mask shows the class, and 0 where one does', () => {
    expect([diceOf, iouOf].map((score) => score(countOverlap(mask(0, 2), mask(0, 0), 1)))).toEqual([
      undefined,
      undefined,
    ]);
    expect([diceOf, iouOf].map((score) => score(countOverlap(mask(1, 0), mask(0, 0), 1)))).toEqual([0, 0]);
    expect(diceOf(countOverlap(mask(), mask(), 1))).toBeUndefined();
  });

  it('leave ignored pixels out', () => {
    expect(countOverlap(mask(1, 1, 1), mask(1, 255, 0), 1)).toEqual({ intersection: 1, predicted: 2, truth: 1 });
  });

  it('are symmetric, in [0, 1], and tied by dice = 2 iou / (1 + iou)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 1 }), (pixels) => {
        const [a, b] = [mask(...pixels.map(([p]) => p)), mask(...pixels.map(([, t]) => t))];
        const [dice, iou] = [diceOf(countOverlap(a, b, 1)), iouOf(countOverlap(a, b, 1))];
        expect(diceOf(countOverlap(b, a, 1))).toBe(dice);
        if (dice !== undefined && iou !== undefined) expect(dice).toBeCloseTo((2 * iou) / (1 + iou), 12);
      }),
    );
  });

  it('reject masks of different sizes with INVALID_INPUT', () => {
    expect(() => countOverlap(mask(1), mask(1, 1), 1)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
