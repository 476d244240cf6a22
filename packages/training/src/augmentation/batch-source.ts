import type { Batch, PreparedItems } from '../items.js';
import { makeBatch, type BatchPlan } from './make-batch.js';

/** Where a training loop gets its batches. */
export interface BatchSource {
  /** The batch of `step`; steps are asked for in ascending order from the first one on. */
  batch(step: number): Promise<Batch>;
  close(): Promise<void>;
}

export interface BatchRequest {
  readonly items: PreparedItems;
  readonly plan: BatchPlan;
  /** First step that will be asked for, and the step before which to stop making batches ahead. */
  readonly firstStep: number;
  readonly endStep: number;
}

export type CreateBatchSource = (request: BatchRequest) => BatchSource;

/** Makes each batch when it is asked for. For tests; a training job uses `threadedBatchSource`. */
export const directBatchSource: CreateBatchSource = ({ items, plan }) => ({
  batch: (step) => Promise.resolve(makeBatch(items, plan, step)),
  close: () => Promise.resolve(),
});
