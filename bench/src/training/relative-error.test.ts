import { expect, it } from 'vitest';
import { relativeError } from './relative-error.js';

it('is the length of the difference over the length of the reference', () => {
  expect(relativeError([3, 4], Float64Array.of(3, 4))).toBe(0);
  expect(relativeError([3, 3], Float64Array.of(3, 4))).toBeCloseTo(1 / 5, 12);
  expect(() => relativeError([1], Float64Array.of(1, 2))).toThrow('1 numbers against 2');
});
