/** Cores and bytes of memory that jobs may share: the machine's, or what its container is given. */
export interface Capacity {
  readonly cores: number;
  readonly memoryBytes: number;
}

export interface Jobs {
  /** How many training or inference jobs run side by side on a machine. */
  readonly slots: number;
  /** Threads of each. */
  readonly threads: number;
}

/** More jobs than this compete for the caches rather than for cores, unless a measurement says otherwise. */
const RULE_SLOTS_MAX = 4;

/** The folds of a campaign whose file does not say how many: a sixth job would have nothing to train before the first trunk is done. */
const MEASURED_SLOTS_MAX = 5;

/** What a job may take: twice what training the U-Net with 1.9 million weights does (bench/results/training.json). */
const JOB_BYTES = 2e9;

/** The cores, shared out; a thread each where jobs outnumber cores. */
export const threadsEach = (cores: number, slots: number): number => Math.max(1, Math.floor(cores / slots));

const slotsUpTo = (max: number, { cores, memoryBytes }: Capacity): number =>
  Math.max(1, Math.min(cores, max, Math.floor(memoryBytes / JOB_BYTES)));

/**
 * Jobs and threads for a machine that was not measured: several jobs of few threads, as many as memory holds. On two cores
 * (bench/results/training.json) two jobs of one thread finish more steps than one job of two, and never wait for each other.
 */
export function jobsByRule(capacity: Capacity): Jobs {
  const slots = slotsUpTo(RULE_SLOTS_MAX, capacity);
  return { slots, threads: threadsEach(capacity.cores, slots) };
}

/** The numbers of jobs worth measuring, ascending: 1, 2, what the rule takes, and the most that a campaign can use here. */
export function slotsToMeasure(capacity: Capacity): number[] {
  const most = slotsUpTo(MEASURED_SLOTS_MAX, capacity);
  const wanted = [1, 2, jobsByRule(capacity).slots, most].filter((slots) => slots <= most);
  return [...new Set(wanted)].toSorted((a, b) => a - b);
}
