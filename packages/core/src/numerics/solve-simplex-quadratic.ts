/** A reduced gradient above −1e−11 of the problem's scale counts as zero: rounding is far below it. */
const TOLERANCE = 1e-11;

/** ½ xᵀ G x − hᵀ x, G symmetric and positive semi-definite, shape (n, n). */
export interface Quadratic {
  readonly matrix: readonly Float64Array[];
  readonly linear: Float64Array;
}

/**
 * Minimises a convex quadratic over {x ≥ 0, Σ x ≤ 1}.
 *
 * A slack variable turns the set into the unit simplex; there an active-set method in the manner of Lawson and
 * Hanson's NNLS finds the optimum in finitely many steps: solve for the free variables with Σ = 1, step to the border
 * where one would become negative, free the variable whose gradient promises most. A column that depends on free ones
 * promises nothing and is never freed, so the inner systems stay regular.
 * Cost: O(n³) a step, a small multiple of n steps.
 *
 * @returns x, shape (n,), without the slack.
 * @see Lawson and Hanson 1974, Solving Least Squares Problems, chapter 23
 */
export function solveSimplexQuadratic(problem: Quadratic): number[] {
  const n = problem.linear.length;
  const { matrix, linear } = withSlack(problem);
  const x = new Float64Array(n + 1);
  x[n] = 1; // all slack: x = 0 is feasible
  const free = new Set([n]);
  const scale = Math.max(1e-300, ...linear.map(Math.abs), ...matrix.map((row) => Math.max(...row.map(Math.abs))));

  // Every accepted step lowers the objective, so no set of free variables returns; the bound only guards against rounding.
  for (let step = 0; step < 20 * (n + 1); step++) {
    const gradient = linear.map((h, i) => multiply(matrix[i]!, x) - h);
    // The multiplier of Σ = 1; on the free variables the gradient is constant.
    const multiplier = [...free].reduce((sum, i) => sum + gradient[i]! * x[i]!, 0);
    const entering = lowest(gradient, free);
    if (entering === undefined || gradient[entering]! - multiplier >= -TOLERANCE * scale) break;
    free.add(entering);
    moveToOptimum({ matrix, linear }, { x, free });
  }
  return Array.from(x.subarray(0, n));
}

function withSlack({ matrix, linear }: Quadratic): Quadratic {
  const n = linear.length;
  const padded = [...matrix.map((row) => Float64Array.from([...row, 0])), new Float64Array(n + 1)];
  return { matrix: padded, linear: Float64Array.from([...linear, 0]) };
}

function lowest(gradient: Float64Array, free: ReadonlySet<number>): number | undefined {
  let best: number | undefined;
  gradient.forEach((value, i) => {
    if (!free.has(i) && (best === undefined || value < gradient[best]!)) best = i;
  });
  return best;
}

/** Moves x to the optimum over the free variables, giving up those that meet the border on the way. */
function moveToOptimum(problem: Quadratic, { x, free }: { x: Float64Array; free: Set<number> }): void {
  while (free.size > 0) {
    const indices = [...free];
    const goal = solveOnPlane(problem, indices);
    if (goal === undefined) return; // singular by rounding: x is feasible and stays
    let length = 1;
    indices.forEach((i, k) => {
      if (goal[k]! < 0) length = Math.min(length, x[i]! / (x[i]! - goal[k]!));
    });
    indices.forEach((i, k) => {
      x[i] = x[i]! + length * (goal[k]! - x[i]!);
    });
    if (length === 1) return;
    indices.forEach((i, k) => {
      if (goal[k]! < 0 && x[i]! <= 1e-14) {
        x[i] = 0;
        free.delete(i);
      }
    });
  }
}

/** Solves [G 1; 1ᵀ 0] [x; ν] = [h; 1] on the given indices by elimination with partial pivoting. */
function solveOnPlane({ matrix, linear }: Quadratic, indices: readonly number[]): number[] | undefined {
  const size = indices.length + 1;
  const rows = indices.map((i) => [...indices.map((j) => matrix[i]![j]!), 1, linear[i]!]);
  rows.push([...indices.map(() => 1), 0, 1]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    if (rows[pivot]![column] === 0) return undefined;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let k = column; k <= size; k++) rows[row]![k]! -= factor * rows[column]![k]!;
    }
  }
  const solution = indices.map((_, k) => rows[k]![size]! / rows[k]![k]!);
  return solution.every(Number.isFinite) ? solution : undefined;
}

function multiply(row: Float64Array, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i]! * x[i]!;
  return sum;
}
