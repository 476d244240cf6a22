/** Steps that one point of a curve is the mean of: single batches say little. */
const WINDOW = 25;

/** Means over windows of steps that follow one another; the last window may be shorter. */
export function smoothed(losses: readonly number[], window = WINDOW): number[] {
  const points: number[] = [];
  for (let first = 0; first < losses.length; first += window) {
    const part = losses.slice(first, first + window);
    points.push(part.reduce((sum, loss) => sum + loss, 0) / part.length);
  }
  return points;
}

/** Mean absolute difference of two smoothed curves of equally many steps. */
export function curveDistance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new Error(`Bug: a curve of ${a.length} steps is compared with one of ${b.length}`);
  const [first, second] = [smoothed(a), smoothed(b)];
  return first.reduce((sum, point, i) => sum + Math.abs(point - second[i]!), 0) / first.length;
}
