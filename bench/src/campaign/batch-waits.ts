/** A step of a campaign, as its history tells of it. */
export interface TrainingTime {
  readonly busyMilliseconds: number | undefined;
  readonly waitedMilliseconds: number | undefined;
}

export interface BatchWaits {
  readonly waitedMilliseconds: number;
  readonly busyMilliseconds: number;
  /** Share of the time of training in which steps waited for their batches: 0 where augmentation keeps up. */
  readonly share: number;
}

/** How long the steps of all trainings waited for batches, against the time in which the engine computed for them. */
export function batchWaits(steps: readonly TrainingTime[]): BatchWaits {
  let [waited, busy] = [0, 0];
  for (const { waitedMilliseconds, busyMilliseconds } of steps) {
    if (waitedMilliseconds === undefined) continue; // no training
    waited += waitedMilliseconds;
    busy += busyMilliseconds ?? 0;
  }
  const total = waited + busy;
  return { waitedMilliseconds: waited, busyMilliseconds: busy, share: total === 0 ? 0 : waited / total };
}
