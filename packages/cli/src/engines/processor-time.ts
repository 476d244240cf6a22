import { cpus } from 'node:os';

/** Time of all processors together since the system started, in milliseconds. */
export interface ProcessorTime {
  readonly busy: number;
  readonly idle: number;
  /** How many processors there are; a container may be given fewer. */
  readonly count: number;
}

export function processorTime(): ProcessorTime {
  const times = cpus().map(({ times: { user, nice, sys, irq, idle } }) => ({ busy: user + nice + sys + irq, idle }));
  return {
    busy: times.reduce((sum, { busy }) => sum + busy, 0),
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    count: times.length,
  };
}

/**
 * Which share of the cores that we wanted others held: 0 where as many were left as we wanted.
 *
 * @param ours Milliseconds of processors that our own processes took between the two times.
 * @param cores How many we wanted.
 * @returns 0 to 1; 0 where the system does not say what its processors do.
 */
export function shareHeldByOthers(
  { before, after }: { before: ProcessorTime; after: ProcessorTime },
  { ours, cores }: { ours: number; cores: number },
): number {
  const busy = after.busy - before.busy;
  const total = busy + after.idle - before.idle;
  if (total <= 0) return 0;
  const others = (Math.max(0, busy - ours) / total) * after.count;
  return Math.min(1, Math.max(0, 1 - (after.count - others) / cores));
}
