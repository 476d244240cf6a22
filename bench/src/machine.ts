import { arch, cpus, platform, loadavg, totalmem } from 'node:os';

/** What a figure was measured on; figures of two machines are not compared. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
  /** Processes that wanted a core over the minute before the report: more than ours and the rival's make a figure doubtful. */
  readonly loadAverage: number;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    platform: `${platform()}-${arch()}`,
    node: process.version,
    loadAverage: loadavg()[0]!,
  };
}
