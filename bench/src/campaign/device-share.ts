/** One step of a campaign that needed a device slot. Times in milliseconds since the epoch. */
export interface DeviceStep {
  readonly scheduledAt: number;
  readonly endedAt: number;
  /** How long the engine computed for it. */
  readonly busyMilliseconds: number;
}

export interface DeviceShare {
  /** Slot time in which there was work for the slot: at each moment the number of unfinished steps, at most `slots`. */
  readonly wantedMilliseconds: number;
  readonly busyMilliseconds: number;
  /** Busy over wanted: 1 would be a slot that computes whenever there is something to compute. */
  readonly share: number;
}

/**
 * How much of the time in which work was waiting the device slots computed. Everything that is not the engine's own
 * computation counts against it: queueing, starting processes, loading, decoding, writing, Temporal.
 */
export function deviceShare(steps: readonly DeviceStep[], slots: number): DeviceShare {
  const changes = steps
    .flatMap(({ scheduledAt, endedAt }) => [
      { at: scheduledAt, by: 1 },
      { at: endedAt, by: -1 },
    ])
    .toSorted((a, b) => a.at - b.at);
  let unfinished = 0;
  let wantedMilliseconds = 0;
  for (const [i, { at, by }] of changes.entries()) {
    unfinished += by;
    const next = changes[i + 1]?.at ?? at;
    wantedMilliseconds += Math.min(unfinished, slots) * (next - at);
  }
  const busyMilliseconds = steps.reduce((sum, step) => sum + step.busyMilliseconds, 0);
  return { wantedMilliseconds, busyMilliseconds, share: busyMilliseconds / wantedMilliseconds };
}
