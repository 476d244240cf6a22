import { arch, cpus, platform, totalmem } from 'node:os';

/** What a figure was measured on; figures of two machines are not compared. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    platform: `${platform()}-${arch()}`,
    node: process.version,
  };
}
