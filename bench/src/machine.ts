import { readFileSync } from 'node:fs';
import { arch, cpus, platform, loadavg, totalmem } from 'node:os';

/** What a figure was measured on; figures of two machines are not compared. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  /** The widest instructions that the libraries know how to use; absent where the system does not say. */
  readonly instructions?: string;
  readonly node: string;
  /** Processes that wanted a core over the minute before the report: more than ours and the rival's make a figure doubtful. */
  readonly loadAverage: number;
}

/** Widest first, as Linux calls them. */
const INSTRUCTIONS = ['avx512_vnni', 'avx512f', 'avx_vnni', 'avx2', 'avx'];

/** @param processorInfo What Linux says of its processors. */
export function widestInstructions(processorInfo: string): string | undefined {
  const known = new Set(/^flags\s*:(.*)$/m.exec(processorInfo)?.[1]?.trim().split(/\s+/));
  return INSTRUCTIONS.find((name) => known.has(name));
}

function readProcessorInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return ''; // not Linux
  }
}

export function describeMachine(): Machine {
  const processors = cpus();
  const instructions = widestInstructions(readProcessorInfo());
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    platform: `${platform()}-${arch()}`,
    ...(instructions !== undefined && { instructions }),
    node: process.version,
    loadAverage: loadavg()[0]!,
  };
}
