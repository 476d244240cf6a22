import { loadavg } from 'node:os';
import { describeMachine as describeHardware } from '@probity/connections/machine';
import type { MeasuredMachine } from '@probity/core/engines/machine-measurement';

/** What a figure was measured on; figures of two machines are not compared. */
export interface Machine extends MeasuredMachine {
  readonly node: string;
  /** Processes that wanted a core over the minute before the report: more than ours and the rival's make a figure doubtful. */
  readonly loadAverage: number;
}

export const describeMachine = (): Machine => ({
  ...describeHardware(),
  node: process.version,
  loadAverage: loadavg()[0]!,
});
