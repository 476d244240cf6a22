import { describe, expect, it } from 'vitest';
import { histogramOf, levelOf, levelsOf, LEVEL_MAX } from './probability-levels.js';

describe('levelOf()', () => {
  it('is the nearest of 256 levels, and gives a level back as itself', () => {
    for (let level = 0; level <= LEVEL_MAX; level++) expect(levelOf(level / LEVEL_MAX)).toBe(level);
    expect([0.5 / LEVEL_MAX, 0.49 / LEVEL_MAX, 254.5 / LEVEL_MAX].map(levelOf)).toEqual([1, 0, 255]);
  });
});

describe('levelsOf()', () => {
  it('takes one class of several', () => {
    const probabilities = Float32Array.of(0, 1, 0.25, 0.75, 1, 0);
    expect([...levelsOf(probabilities, { index: 0, classes: 2 })]).toEqual([0, 64, 255]);
    expect([...levelsOf(probabilities, { index: 1, classes: 2 })]).toEqual([255, 191, 0]);
  });
});

describe('histogramOf()', () => {
  it('counts every pixel at its level', () => {
    const histogram = histogramOf(Uint8Array.of(0, 255, 7, 7, 0, 7));
    expect(histogram).toHaveLength(256);
    expect([histogram[0], histogram[7], histogram[255]]).toEqual([2, 3, 1]);
    expect(histogram.reduce((sum, count) => sum + count)).toBe(6);
  });
});
