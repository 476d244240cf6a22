import { parentPort, workerData } from 'node:worker_threads';
import type { Batch, PreparedItems } from '../items.js';
import { makeBatch, type BatchPlan } from './make-batch.js';

export interface BatchThreadData {
  readonly items: PreparedItems;
  readonly plan: BatchPlan;
}

export interface BatchMessage {
  readonly step: number;
  readonly batch: Batch;
}

const { items, plan } = workerData as BatchThreadData;

/** Answers each step number with its batch; the bytes change hands without a copy. */
parentPort?.on('message', (step: number) => {
  const batch = makeBatch(items, plan, step);
  const message: BatchMessage = { step, batch };
  parentPort?.postMessage(message, [batch.images.buffer as ArrayBuffer, batch.labels.buffer as ArrayBuffer]);
});
