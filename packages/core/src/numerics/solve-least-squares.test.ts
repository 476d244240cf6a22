import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solveLeastSquares } from './solve-least-squares.js';

const solve = (columns: number[][], target: number[]) =>
  solveLeastSquares(
    columns.map((column) => Float64Array.from(column)),
    Float64Array.from(target),
  );

describe('solveLeastSquares()', () => {
  it('solves a square system', () => {
    expect(
      solve(
        [
          [2, 1],
          [1, 3],
        ],
        [3, 4],
      ),
    ).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
  });

  it('takes the shortest of many solutions', () => {
    expect(
      solve(
        [
          [1, 1],
          [1, 1],
        ],
        [2, 2],
      ),
    ).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
    expect(
      solve(
        [
          [0, 0],
          [1, 1],
        ],
        [2, 2],
      ),
    ).toEqual([0, expect.closeTo(2, 12)]);
  });

  it('keeps digits that normal equations would lose', () => {
    const [first, second] = solve(
      [
        [1, 1e-7, 0],
        [1, 0, 1e-7],
      ],
      [2, 1e-7, 1e-7],
    );
    expect(first).toBeCloseTo(1, 7);
    expect(second).toBeCloseTo(1, 7);
  });

  it('answers nothing to nothing', () => {
    expect(solve([], [])).toEqual([]);
    expect(solve([[], []], [])).toEqual([0, 0]);
  });

  it('leaves a residual that is orthogonal to every column', () => {
    const row = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const columns = [0, 1, 2].map((j) => rows.map((values) => values[j]!));
        const target = rows.map((values) => values[3]!);
        const x = solve(columns, target);
        const residual = target.map((b, i) => b - columns.reduce((sum, column, j) => sum + column[i]! * x[j]!, 0));
        for (const column of columns) expect(column.reduce((sum, a, i) => sum + a * residual[i]!, 0)).toBeCloseTo(0, 8);
      }),
    );
  });
});
