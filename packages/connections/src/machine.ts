import { readdirSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import type { Capacity } from '@probity/core/engines/job-rule';
import type { MeasuredMachine } from '@probity/core/engines/machine-measurement';
import { instructionsOf } from '@probity/core/engines/processor-instructions';

/** Widest first, as Linux calls them. */
const INSTRUCTIONS = ['avx512_vnni', 'avx512f', 'avx_vnni', 'avx2', 'avx'];

/** @param processorInfo What Linux says of its processors. */
export function widestInstructions(processorInfo: string): string | undefined {
  const known = instructionsOf(processorInfo);
  return INSTRUCTIONS.find((name) => known.has(name));
}

/** Cores and memory that this process may use, container limits included. */
export function capacityOfMachine(): Capacity {
  const limit = process.constrainedMemory(); // 0 or beyond all machines where there is none
  return { cores: availableParallelism(), memoryBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem() };
}

/** What this process runs on; figures of two machines are not compared. */
export function describeMachine(): MeasuredMachine {
  const instructions = widestInstructions(readProcessorInfo());
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    ...capacityOfMachine(),
    platform: `${platform()}-${arch()}`,
    ...(instructions !== undefined && { instructions }),
    nvidiaDevices: namesIn('/dev').filter((name) => /^nvidia\d+$/.test(name)).length,
  };
}

function readProcessorInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return ''; // not Linux
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not a system that shows its devices
  }
}
