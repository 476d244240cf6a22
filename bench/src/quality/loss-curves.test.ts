import { describe, expect, it } from 'vitest';
import { curveDistance, smoothed } from './loss-curves.js';

describe('smoothed()', () => {
  it('takes means over windows, the last of which may be shorter', () => {
    expect(smoothed([1, 3, 5, 7, 10], 2)).toEqual([2, 6, 10]);
    expect(smoothed([])).toEqual([]);
  });
});

describe('curveDistance()', () => {
  it('is 0 for the same curve and the offset for a moved one', () => {
    const curve = Array.from({ length: 60 }, (_, i) => Math.exp(-i / 20));
    expect(curveDistance(curve, curve)).toBe(0);
    const moved = curve.map((loss) => loss - 0.5);
    expect(curveDistance(curve, moved)).toBeCloseTo(0.5, 12);
  });

  it('does not see what evens out within a window', () => {
    const flat = Array.from({ length: 50 }, () => 1);
    const shaken = flat.map((loss, i) => loss + (i % 2 === 0 ? 0.1 : -0.1) * (i % 25 === 24 ? 0 : 1));
    expect(curveDistance(flat, shaken)).toBeLessThan(0.01);
  });

  it('refuses curves of different lengths', () => {
    expect(() => curveDistance([1], [1, 2])).toThrow('curve of 1 steps');
  });
});
