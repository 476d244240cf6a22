import { Worker } from 'node:worker_threads';
import type { Batch, PreparedItems } from '../items.js';
import type { BatchRequest, BatchSource } from './batch-source.js';
import type { BatchMessage, BatchThreadData } from './batch-thread.js';

/** Batches that may lie ready. The step takes longer than a batch, so two hide every hiccup. */
const BATCHES_AHEAD = 2;

/** Makes batches in a thread beside the step, ahead of it, so that the step never waits. */
export function threadedBatchSource({ items, plan, firstStep, endStep }: BatchRequest): BatchSource {
  const data: BatchThreadData = { items: shared(items), plan };
  const thread = new Worker(new URL('./batch-thread.js', import.meta.url), { workerData: data });
  const ready = new Map<number, Promise<Batch>>();
  const answers = new Map<number, { resolve: (batch: Batch) => void; reject: (error: Error) => void }>();
  let nextStep = firstStep;

  thread.on('message', ({ step, batch }: BatchMessage) => {
    answers.get(step)?.resolve(batch);
    answers.delete(step);
  });
  thread.on('error', (error: Error) => {
    for (const { reject } of answers.values()) reject(error);
    answers.clear();
  });
  const askAhead = () => {
    for (; ready.size < BATCHES_AHEAD && nextStep < endStep; nextStep++) {
      const step = nextStep;
      const promise = new Promise<Batch>((resolve, reject) => answers.set(step, { resolve, reject }));
      promise.catch(() => undefined); // whoever asks for the batch gets the error; one never asked for is nobody's
      ready.set(step, promise);
      thread.postMessage(step);
    }
  };
  askAhead();
  return {
    batch: (step) => {
      const batch = ready.get(step);
      if (!batch) throw new Error(`Bug: batch ${step} was asked for out of order`);
      ready.delete(step);
      askAhead();
      return batch;
    },
    close: async () => {
      await thread.terminate();
    },
  };
}

/** The same items in memory that both threads see, so that nothing is held twice. */
function shared(items: PreparedItems): PreparedItems {
  const images = new Float32Array(new SharedArrayBuffer(items.images.byteLength));
  images.set(items.images);
  const labels = new Uint8Array(new SharedArrayBuffer(items.labels.byteLength));
  labels.set(items.labels);
  return { ...items, images, labels };
}
