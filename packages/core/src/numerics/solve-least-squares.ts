/** Singular values below this share of the largest one count as zero. */
const RANK_TOLERANCE = 1e-12;
const SWEEPS_MAX = 60;

/**
 * The x that minimises ‖A x − b‖², the shortest one where several do.
 *
 * One-sided Jacobi (Hestenes 1958): columns of A are rotated pairwise until they are orthogonal, which gives the
 * singular value decomposition without squaring A's condition number, as normal equations would.
 * Cost: O(rows · columns²) a sweep, about ten sweeps. Meant for few columns.
 *
 * @param columns A, column by column, all of `target`'s length. They are left as they are.
 * @param target b.
 * @see Golub and Van Loan, Matrix Computations, section 8.6.3
 */
export function solveLeastSquares(columns: readonly Float64Array[], target: Float64Array): number[] {
  const work = columns.map((column) => Float64Array.from(column));
  // V, column by column: A = U Σ Vᵀ, and `work` becomes U Σ.
  const rotations = columns.map((_, i) => Float64Array.from(columns, (__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) if (!rotateOnce(work, rotations)) break;

  const squares = work.map((column) => dot(column, column));
  const limit = Math.max(0, ...squares) * RANK_TOLERANCE ** 2;
  const solution = columns.map(() => 0);
  work.forEach((column, k) => {
    if (squares[k]! <= limit) return;
    const scale = dot(column, target) / squares[k]!;
    for (let i = 0; i < solution.length; i++) solution[i]! += scale * rotations[k]![i]!;
  });
  return solution;
}

/** One pass over all pairs of columns; false when all of them were orthogonal already. */
function rotateOnce(work: readonly Float64Array[], rotations: readonly Float64Array[]): boolean {
  let rotated = false;
  for (let p = 0; p < work.length - 1; p++) {
    for (let q = p + 1; q < work.length; q++) {
      const alpha = dot(work[p]!, work[p]!);
      const beta = dot(work[q]!, work[q]!);
      const gamma = dot(work[p]!, work[q]!);
      if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta) || gamma === 0) continue;
      rotated = true;
      const zeta = (beta - alpha) / (2 * gamma);
      const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
      const cosine = 1 / Math.hypot(1, tangent);
      const turn = { cosine, sine: cosine * tangent };
      rotatePair(work[p]!, work[q]!, turn);
      rotatePair(rotations[p]!, rotations[q]!, turn);
    }
  }
  return rotated;
}

function rotatePair(
  first: Float64Array,
  second: Float64Array,
  { cosine, sine }: { cosine: number; sine: number },
): void {
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i]!, second[i]!];
    first[i] = cosine * a - sine * b;
    second[i] = sine * a + cosine * b;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
