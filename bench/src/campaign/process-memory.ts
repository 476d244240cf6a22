import { readdir, readFile } from 'node:fs/promises';
import { readStackFile } from '@probity/connections/stack-file';

/** How often the processes are looked at: those that come and go within it are missed. */
const LOOK_EVERY_MILLISECONDS = 1_000;

/** Peak memory of each process of a stack, by the service's name and for its job processes `<name>, job`. */
export interface PeakMemory {
  readonly name: string;
  readonly pid: number;
  readonly peakBytes: number;
}

export interface MemoryFollower {
  stop(): void;
  /** Largest first. */
  peaks(): PeakMemory[];
}

/** Follows the processes of the stack in `home`, children included, until stopped. It reads /proc: elsewhere it says that it sees nothing. */
export function followMemory(home: string): MemoryFollower {
  const peaks = new Map<number, PeakMemory>();
  if (process.platform !== 'linux') {
    process.stderr.write('Memory is not measured: it is read from /proc, which this system lacks\n');
    return { stop: () => undefined, peaks: () => [] };
  }
  const look = async (): Promise<void> => {
    const names = new Map((readStackFile(home)?.services ?? []).map(({ pid, name }) => [pid, name]));
    const processes = await readProcesses();
    const nameOf = (pid: number): string | undefined => {
      const name = names.get(pid);
      if (name !== undefined) return name;
      const parent = processes.get(pid)?.parent;
      const above = parent === undefined ? undefined : nameOf(parent);
      return above === undefined || above.endsWith(', job') ? above : `${above}, job`;
    };
    for (const [pid, { peakBytes }] of processes) {
      const name = nameOf(pid);
      if (name !== undefined) peaks.set(pid, { name, pid, peakBytes });
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MILLISECONDS);
  return {
    stop: () => clearInterval(timer),
    peaks: () => [...peaks.values()].toSorted((a, b) => b.peakBytes - a.peakBytes),
  };
}

/** Parent and largest resident memory so far of every process; one that ends meanwhile is left out. */
async function readProcesses(): Promise<Map<number, { parent: number; peakBytes: number }>> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const read = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      return { pid, parent: field('PPid'), peakBytes: field('VmHWM') * 1024 };
    }),
  );
  return new Map(read.filter(({ peakBytes }) => peakBytes > 0).map(({ pid, ...rest }) => [pid, rest]));
}
