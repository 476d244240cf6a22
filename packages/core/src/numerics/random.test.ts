import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';

const draw = (count: number, ...words: (string | number)[]) => {
  const random = createRandom(...words);
  return Array.from({ length: count }, () => random.next());
};

describe('createRandom()', () => {
  it('opens the same stream for the same words, and another for others', () => {
    expect(draw(5, 7, 'folds')).toEqual(draw(5, 7, 'folds'));
    expect(draw(5, 7, 'folds')).not.toEqual(draw(5, 8, 'folds'));
    expect(draw(5, 1, 2)).not.toEqual(draw(5, 12));
  });

  it('draws what it drew before: a change would change every campaign', () => {
    const random = createRandom(0, 'golden');
    expect(Array.from({ length: 4 }, () => random.integer(1000))).toEqual([268, 992, 6, 456]);
  });

  it('is uniform and normal to within four standard errors', () => {
    const count = 20_000;
    const uniform = draw(count, 3, 'uniform');
    const mean = uniform.reduce((a, b) => a + b, 0) / count;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * count));
    const random = createRandom(3, 'normal');
    const normal = Array.from({ length: count }, () => random.normal());
    expect(Math.abs(normal.reduce((a, b) => a + b, 0) / count)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(normal.reduce((a, b) => a + b * b, 0) / count - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
  });

  it('stays within its range and keeps every value when it shuffles', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 1000 }), fc.array(fc.nat()), (seed, limit, values) => {
        const random = createRandom(seed);
        const integer = random.integer(limit);
        expect(integer >= 0 && integer < limit && Number.isInteger(integer)).toBe(true);
        expect(random.shuffled(values).sort()).toEqual(values.toSorted());
      }),
    );
  });
});
