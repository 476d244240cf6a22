import type { Batch, PreparedItems, SoftItems } from '../items.js';
import { makeBatch, type BatchPlan } from './make-batch.js';

/** Where a training loop gets its batches; one serves a whole fold, part after part. */
export interface BatchSource {
  /**
   * Says that the batches from `firstStep` up to `endStep` (exclusive) will be asked for, in this order. What was made
   * ahead for an earlier range is dropped.
   *
   * @param atOnce So many are asked for in a row, before the steps on them are made.
   */
  begin(firstStep: number, endStep: number, atOnce: number): void;
  batch(step: number): Promise<Batch>;
  close(): Promise<void>;
}

export interface BatchRequest {
  readonly items: PreparedItems | SoftItems;
  readonly plan: BatchPlan;
}

export type CreateBatchSource = (request: BatchRequest) => BatchSource;

/** Makes each batch when it is asked for. For tests; a training job uses `threadedBatchSource`. */
export const directBatchSource: CreateBatchSource = ({ items, plan }) => ({
  begin: () => undefined,
  batch: (step) => Promise.resolve(makeBatch(items, plan, step)),
  close: () => Promise.resolve(),
});
