import { parentPort } from 'node:worker_threads';
import type { Batch } from '../items.js';
import type { BatchRequest } from './batch-source.js';
import { makeBatch } from './make-batch.js';

/** What batches are made from, from now on; none: what there was is let go. */
export interface BatchSubject {
  readonly subject: BatchRequest | undefined;
}

export interface BatchOrder {
  /** Comes back with the answer. */
  readonly ticket: number;
  readonly step: number;
}

export type BatchAnswer =
  | { readonly ticket: number; readonly batch: Batch }
  | { readonly ticket: number; readonly error: unknown };

type Numbers = Float32Array | Int32Array;

let subject: BatchRequest | undefined;

/** Answers each order with its batch; the bytes change hands without a copy. */
parentPort?.on('message', (message: BatchSubject | BatchOrder) => {
  if ('subject' in message) {
    subject = message.subject;
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
    if (!subject) throw new Error(`Bug: batch ${step} was asked for of nothing`);
    return { ticket, batch: makeBatch(subject.items, subject.plan, step) };
  } catch (error) {
    return { ticket, error };
  }
}
