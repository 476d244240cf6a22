import { createRandom } from '@probity/core/numerics/random';
import { describe, expect, it } from 'vitest';
import type { Augmentation } from './draw-augmentation.js';
import { changeIntensity } from './intensity.js';

const still: Augmentation = { matrix: [1, 0, 0, 1], shift: [0, 0], contrast: 1, gamma: 1, noiseStandardDeviation: 0 };

function changed(pixels: readonly number[], changes: Partial<Augmentation>): number[] {
  const image = Float32Array.from(pixels);
  changeIntensity(image, { ...still, ...changes }, createRandom('noise'));
  return [...image];
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5));

describe('changeIntensity()', () => {
  it('changes nothing where nothing is asked', () => {
    expect(changed([-1, 0.5, 2], {})).toEqual(close([-1, 0.5, 2]));
  });

  it('spreads contrast about the mean', () => {
    expect(changed([1, 2, 3], { contrast: 2 })).toEqual(close([0, 2, 4]));
  });

  it('bends gamma between the own minimum and maximum', () => {
    expect(changed([-1, 0, 1], { gamma: 2 })).toEqual(close([-1, -0.5, 1]));
  });

  it('leaves an image of one colour as it is', () => {
    expect(changed([3, 3, 3], { contrast: 2, gamma: 0.5 })).toEqual(close([3, 3, 3]));
  });

  it('never leaves the numbers, whatever rounding does to the darkest pixel', () => {
    const random = createRandom('dark');
    for (let draw = 0; draw < 50; draw++) {
      const pixels = Array.from({ length: 64 }, () => random.normal() * 1e3);
      expect(
        changed(pixels, { contrast: 0.7 + random.next(), gamma: 0.7 + random.next() }).every(Number.isFinite),
      ).toBe(true);
    }
  });

  it('adds normal noise of the deviation asked for', () => {
    const noise = changed(
      Array.from({ length: 20_000 }, () => 0),
      { noiseStandardDeviation: 0.5 },
    );
    const mean = noise.reduce((a, b) => a + b) / noise.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(Math.sqrt(noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length)).toBeCloseTo(0.5, 2);
  });
});
