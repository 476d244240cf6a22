import type { BatchSource } from './batch-source.js';

export interface WaitingBatchSource extends BatchSource {
  /** How long steps have waited for their batches so far. */
  readonly waitedMilliseconds: number;
}

/**
 * A batch source that counts how long its caller waited: augmentation that keeps up with the steps costs them nearly nothing.
 *
 * @param now Milliseconds of a clock that never goes back.
 */
export function countingWaits(source: BatchSource, now: () => number): WaitingBatchSource {
  let waited = 0;
  return {
    get waitedMilliseconds() {
      return waited;
    },
    begin: (firstStep, endStep, atOnce) => source.begin(firstStep, endStep, atOnce),
    batch: async (step) => {
      const asked = now();
      try {
        return await source.batch(step);
      } finally {
        waited += now() - asked;
      }
    },
    close: () => source.close(),
  };
}
