import { parentPort, workerData } from 'node:worker_threads';
import type { Batch } from '../items.js';
import type { BatchRequest } from './batch-source.js';
import { makeBatch } from './make-batch.js';

export interface BatchOrder {
  /** Comes back with the answer. */
  readonly ticket: number;
  readonly step: number;
}

export interface BatchAnswer {
  readonly ticket: number;
  readonly batch: Batch;
}

const { items, plan } = workerData as BatchRequest;

/** Answers each order with its batch; the bytes change hands without a copy. */
parentPort?.on('message', ({ ticket, step }: BatchOrder) => {
  const batch = makeBatch(items, plan, step);
  const answer: BatchAnswer = { ticket, batch };
  parentPort?.postMessage(
    answer,
    Object.values(batch).map(({ buffer }: Float32Array | Int32Array) => buffer as ArrayBuffer),
  );
});
