import { spawnSync } from 'node:child_process';
import { alternate, type Alternation } from '../alternate.js';
import { pairedRatio, spread, type Contender } from '../report.js';
import type { RivalProcess } from '../rival-process.js';

/** One side of a row: a process of its own, loaded once. */
export interface GpuContender {
  readonly name: string;
  readonly start: () => RivalProcess;
  readonly load: Readonly<Record<string, unknown>>;
  /** What is timed; it answers `{milliseconds}` when the numbers are on the host. */
  readonly command: 'step' | 'predict';
}

export interface GpuRow {
  readonly setting: Readonly<Record<string, unknown>>;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly rivals: readonly Contender[];
  /** What each process holds on the device when all is measured; those that the driver does not list are missing. */
  readonly deviceBytes: Readonly<Record<string, number>>;
  /** What the processes said of themselves when they were loaded. */
  readonly loaded: readonly Readonly<Record<string, unknown>>[];
}

interface RowPlan extends Alternation {
  readonly unit: string;
  readonly setting: Readonly<Record<string, unknown>>;
}

/** Times the contenders in turn; the first one is ours. */
export async function measureRow(contenders: readonly GpuContender[], plan: RowPlan): Promise<GpuRow> {
  const processes = contenders.map(({ start }) => start());
  try {
    const loaded: Record<string, unknown>[] = [];
    // One after the other: what one measures to choose its kernels is not disturbed by another's.
    for (const [i, { load }] of contenders.entries()) loaded.push(await processes[i]!.ask(load));
    requireSameNetwork(loaded);
    const steps = contenders.map(({ name, command }, i) => ({ name, step: () => processes[i]!.time(command) }));
    const [ours, ...theirs] = await alternate(steps, plan);
    return {
      setting: plan.setting,
      unit: plan.unit,
      ours: ours!,
      rivals: theirs.map((runs, i) => ({ name: contenders[i + 1]!.name, runs })),
      deviceBytes: deviceBytesOf(contenders.map(({ name }, i) => [name, processes[i]!.pid])),
      loaded,
    };
  } finally {
    await Promise.all(processes.map((one) => one.end()));
  }
}

function requireSameNetwork(loaded: readonly Readonly<Record<string, unknown>>[]): void {
  const counts = new Set(loaded.flatMap(({ parameters }) => (parameters === undefined ? [] : [Number(parameters)])));
  if (counts.size > 1) throw new Error(`Bug: the networks differ: ${[...counts].join(', ')} parameters`);
}

/** By the driver, in the same way for all. */
function deviceBytesOf(processes: readonly (readonly [string, number | undefined])[]): Record<string, number> {
  const args = ['--query-compute-apps=pid,used_memory', '--format=csv,noheader,nounits'];
  const { stdout } = spawnSync('nvidia-smi', args, { encoding: 'utf8' });
  return bytesOf(stdout ?? '', processes);
}

/** @param listed A line a process: its id and mebibytes. */
export function bytesOf(
  listed: string,
  processes: readonly (readonly [string, number | undefined])[],
): Record<string, number> {
  const byProcess = new Map(
    listed
      .trim()
      .split('\n')
      .map((line) => line.split(',').map(Number) as [number, number]),
  );
  return Object.fromEntries(
    processes.flatMap(([name, pid]) => {
      const mebibytes = pid === undefined ? undefined : byProcess.get(pid);
      return mebibytes === undefined || Number.isNaN(mebibytes) ? [] : [[name, mebibytes * 2 ** 20] as const];
    }),
  );
}

export const describeRow = ({ setting, unit, ours, rivals, deviceBytes }: GpuRow): Record<string, unknown> => ({
  ...setting,
  runs: ours.length,
  ours: { ...spread(ours), unit },
  rivals: rivals.map(({ name, runs }) => ({
    name,
    ...spread(runs),
    ratio: pairedRatio({ ours, theirs: runs, better: 'lower' }),
  })),
  deviceBytes,
});
