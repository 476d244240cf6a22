import { parentPort } from 'node:worker_threads';
import type { Batch } from '../items.js';
import type { BatchRequest } from './batch-source.js';
import { makeBatch } from './make-batch.js';

export interface BatchOrder {
  /** Comes back with the answer. */
  readonly ticket: number;
  readonly step: number;
}

export type BatchAnswer =
  | { readonly ticket: number; readonly batch: Batch }
  | { readonly ticket: number; readonly error: unknown };

type Numbers = Float32Array | Int32Array;

/** What batches are made from. */
let request: BatchRequest | undefined;

/** Takes what batches are made from, and answers each order with its batch; the bytes change hands without a copy. */
parentPort?.on('message', (message: BatchRequest | BatchOrder) => {
  if ('items' in message) {
    request = message;
    return;
  }
  const answer = answerTo(message);
  parentPort?.postMessage(
    answer,
    'batch' in answer ? Object.values(answer.batch).map(({ buffer }: Numbers) => buffer as ArrayBuffer) : [],
  );
});

function answerTo({ ticket, step }: BatchOrder): BatchAnswer {
  try {
    if (!request) throw new Error(`Bug: batch ${step} was asked for of nothing`);
    return { ticket, batch: makeBatch(request.items, request.plan, step) };
  } catch (error) {
    return { ticket, error };
  }
}
