/** Points of a loss curve; more than that no picture shows. */
const POINTS_MAX = 100;

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** A loss curve as it grows: each point is the mean over the steps since the one before. */
export interface LossHistory {
  readonly points: readonly LossPoint[];
  /** Losses since the last point, and how many: a job that goes on from a checkpoint must draw the very same curve. */
  readonly sum: number;
  readonly count: number;
}

export const EMPTY_HISTORY: LossHistory = { points: [], sum: 0, count: 0 };

/**
 * The history with one more loss.
 *
 * @param point.step 1-based.
 * @param schedule.steps Of a whole member; a curve over them has at most 100 points.
 * @param schedule.endStep The part's last step; it always gets a point.
 */
export function withLoss(
  history: LossHistory,
  { step, loss }: LossPoint,
  { steps, endStep }: { steps: number; endStep: number },
): LossHistory {
  const every = Math.max(1, Math.ceil(steps / POINTS_MAX));
  const [sum, count] = [history.sum + loss, history.count + 1];
  if (step % every !== 0 && step !== endStep) return { ...history, sum, count };
  return { points: [...history.points, { step, loss: sum / count }], sum: 0, count: 0 };
}
