import { createRandom } from '@probity/core/numerics/random';
import { describe, expect, it } from 'vitest';
import { noAugmentation, tinySpec } from '../testing/tiny-fold.js';
import { drawAugmentation } from './draw-augmentation.js';

const draws = (spec = tinySpec().training.augmentation, count = 400) =>
  Array.from({ length: count }, (_, i) => drawAugmentation(spec, createRandom('draws', i)));
const determinant = ([a, b, c, d]: readonly [number, number, number, number]) => a * d - b * c;

describe('drawAugmentation()', () => {
  it('changes nothing where the spec allows nothing', () => {
    const [only] = draws(noAugmentation, 1);
    expect(only!.matrix.map((value) => value + 0)).toEqual([1, 0, 0, 1]);
    expect(only!.shift.map((value) => value + 0)).toEqual([0, 0]);
    expect(only).toMatchObject({ contrast: 1, gamma: 1, noiseStandardDeviation: 0 });
  });

  it('stays within the ranges of the spec, and reaches near both ends', () => {
    const spec = tinySpec().training.augmentation;
    const within = (values: number[], low: number, high: number) => {
      const margin = 0.05 * (high - low);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
      expect(Math.max(...values)).toBeLessThanOrEqual(high);
      expect(Math.min(...values)).toBeLessThan(low + margin);
      expect(Math.max(...values)).toBeGreaterThan(high - margin);
    };
    const all = draws();
    within(
      all.map(({ shift }) => shift[0]),
      -spec.shiftFractionMax,
      spec.shiftFractionMax,
    );
    within(
      all.map(({ shift }) => shift[1]),
      -spec.shiftFractionMax,
      spec.shiftFractionMax,
    );
    within(
      all.map(({ contrast }) => contrast),
      spec.contrastMin,
      spec.contrastMax,
    );
    within(
      all.map(({ gamma }) => gamma),
      spec.gammaMin,
      spec.gammaMax,
    );
    within(
      all.map(({ noiseStandardDeviation }) => noiseStandardDeviation),
      0,
      spec.noiseStandardDeviationMax,
    );
    const scales = all.map(({ matrix }) => 1 / Math.sqrt(Math.abs(determinant(matrix))));
    within(scales, spec.scaleMin, spec.scaleMax);
  });

  it('flips each axis half of the time', () => {
    const spec = { ...noAugmentation, flipHorizontal: true, flipVertical: true };
    const all = draws(spec);
    expect(all.filter(({ matrix }) => matrix[0] < 0).length / all.length).toBeCloseTo(0.5, 1);
    expect(all.filter(({ matrix }) => matrix[3] < 0).length / all.length).toBeCloseTo(0.5, 1);
    expect(all.filter(({ matrix }) => determinant(matrix) < 0).length / all.length).toBeCloseTo(0.5, 1);
  });
});
