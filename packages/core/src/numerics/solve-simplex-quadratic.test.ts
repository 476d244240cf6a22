import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solveSimplexQuadratic } from './solve-simplex-quadratic.js';

const solve = (matrix: number[][], linear: number[]) =>
  solveSimplexQuadratic({ matrix: matrix.map((row) => Float64Array.from(row)), linear: Float64Array.from(linear) });

describe('solveSimplexQuadratic()', () => {
  it('finds an optimum inside', () => {
    expect(
      solve(
        [
          [1, 0],
          [0, 1],
        ],
        [0.3, 0.4],
      ),
    ).toEqual([expect.closeTo(0.3, 12), expect.closeTo(0.4, 12)]);
  });

  it('projects one outside onto the simplex', () => {
    expect(
      solve(
        [
          [1, 0],
          [0, 1],
        ],
        [0.9, 0.7],
      ),
    ).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.4, 12)]);
    expect(
      solve(
        [
          [1, 0],
          [0, 1],
        ],
        [3, 0.1],
      ),
    ).toEqual([expect.closeTo(1, 12), expect.closeTo(0, 12)]);
    expect(
      solve(
        [
          [1, 0],
          [0, 1],
        ],
        [-1, -2],
      ),
    ).toEqual([0, 0]);
  });

  it('copes with a singular matrix', () => {
    const sum = solve(
      [
        [1, 1],
        [1, 1],
      ],
      [0.5, 0.5],
    ).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(0.5, 12);
    expect(
      solve(
        [
          [0, 0],
          [0, 0],
        ],
        [0, 0],
      ),
    ).toEqual([0, 0]);
    expect(solve([], [])).toEqual([]);
  });

  it('stays feasible, and no way to a corner leads down', () => {
    const anyRow = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(anyRow, { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: -3, max: 9 }), { minLength: 6, maxLength: 6 }),
        (rows, target) => {
          const matrix = [0, 1, 2, 3].map((i) =>
            [0, 1, 2, 3].map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
          );
          const linear = [0, 1, 2, 3].map((i) => rows.reduce((sum, row, r) => sum + row[i]! * target[r]!, 0));
          const x = solve(matrix, linear);
          expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
          expect(x.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(1 + 1e-12);
          const gradient = matrix.map((row, i) => row.reduce((sum, g, j) => sum + g * x[j]!, 0) - linear[i]!);
          const along = (corner: number[]) => gradient.reduce((sum, g, i) => sum + g * (corner[i]! - x[i]!), 0);
          const corners = [[0, 0, 0, 0], ...[0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => Number(i === j)))];
          for (const corner of corners) expect(along(corner)).toBeGreaterThanOrEqual(-1e-8);
        },
      ),
      { numRuns: 500 },
    );
  });
});
