import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import oracle from './resize-matrix.oracle.json' with { type: 'json' };
import { resizeMatrix } from './resize-matrix.js';

const apply = (matrix: Float32Array, row: readonly number[]): number[] =>
  Array.from({ length: matrix.length / row.length }, (_, i) =>
    row.reduce((sum, value, j) => sum + value * matrix[i * row.length + j]!, 0),
  );

describe('resizeMatrix()', () => {
  it.each(oracle.cases.map((one) => [`${one.row.length} to ${one.resized.length}`, one] as const))(
    'agrees with Pillow on %s pixels',
    (_, { row, resized }) => {
      apply(resizeMatrix(row.length, resized.length), row).forEach((value, i) =>
        expect(value).toBeCloseTo(resized[i]!, 5),
      );
    },
  );

  it('keeps a row of one value as it is, for any sizes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (before, after) => {
        const matrix = resizeMatrix(before, after);
        apply(
          matrix,
          Array.from({ length: before }, () => 1),
        ).forEach((sum) => expect(sum).toBeCloseTo(1, 5));
        expect(Math.min(...matrix)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is the identity between equal sizes', () => {
    expect(apply(resizeMatrix(4, 4), [1, 5, 2, 7])).toEqual([1, 5, 2, 7]);
  });

  it.each([
    [0, 4],
    [4, 0],
    [2.5, 4],
  ])('refuses %s to %s pixels', (before, after) => {
    expect(() => resizeMatrix(before, after)).toThrow(RangeError);
  });
});
