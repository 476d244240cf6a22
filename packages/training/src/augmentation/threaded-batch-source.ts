import { Worker } from 'node:worker_threads';
import type { Batch } from '../items.js';
import type { BatchRequest, BatchSource } from './batch-source.js';
import type { BatchAnswer, BatchOrder } from './batch-thread.js';

/** Batches that may lie ready beyond those of the next run. A step takes longer than a batch, so one hides every hiccup. */
const BATCHES_SPARE = 1;

/**
 * Makes batches in a thread beside the step, ahead of it, so that the step never waits.
 *
 * A batch that cannot be made, and a thread that ends by itself, reject the batch that is asked for next.
 */
export function threadedBatchSource({ items, plan }: BatchRequest): BatchSource {
  const data: BatchRequest = { items: shared(items), plan };
  const thread = new BatchThread(new Worker(new URL('./batch-thread.js', import.meta.url), { workerData: data }));
  const ready = new Map<number, Promise<Batch>>();
  let [nextStep, endStep, ahead] = [0, 0, 0];

  const askAhead = () => {
    for (; ready.size < ahead && nextStep < endStep; nextStep++) ready.set(nextStep, thread.ask(nextStep));
  };
  return {
    begin: (first, end, atOnce) => {
      ready.clear();
      [nextStep, endStep, ahead] = [first, end, atOnce + BATCHES_SPARE];
      askAhead();
    },
    batch: (step) => {
      const batch = ready.get(step);
      if (!batch) throw new Error(`Bug: batch ${step} was asked for out of order`);
      ready.delete(step);
      askAhead();
      return batch;
    },
    close: () => thread.close(),
  };
}

interface Waiting {
  readonly resolve: (batch: Batch) => void;
  readonly reject: (error: Error) => void;
}

class BatchThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #tickets = 0;
  #ended: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', ({ ticket, batch }: BatchAnswer) => {
      this.#waiting.get(ticket)?.resolve(batch);
      this.#waiting.delete(ticket);
    });
    worker.on('error', (error: Error) => this.#end(error));
    worker.on('exit', (code) => this.#end(new Error(`The thread that makes batches ended with code ${code}`)));
  }

  ask(step: number): Promise<Batch> {
    const ticket = this.#tickets++;
    const batch = new Promise<Batch>((resolve, reject) => {
      if (this.#ended) reject(this.#ended);
      else this.#waiting.set(ticket, { resolve, reject });
    });
    batch.catch(() => undefined); // whoever asks for the batch gets the error; one never asked for is nobody's
    const order: BatchOrder = { ticket, step };
    this.#worker.postMessage(order);
    return batch;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

/** The same items in memory that both threads see, so that the thread holds no copy of its own; it gets nothing but what it needs. */
function shared(items: BatchRequest['items']): BatchRequest['items'] {
  const { ids, height, width, channels, labelHeight, labelWidth } = items;
  const images = new Float32Array(new SharedArrayBuffer(items.images.byteLength));
  images.set(items.images);
  const prepared = { ids, height, width, channels, labelHeight, labelWidth, images };
  return 'labels' in items
    ? { ...prepared, labels: sharedBytes(items.labels) }
    : { ...prepared, classCount: items.classCount, levels: sharedBytes(items.levels) };
}

function sharedBytes(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
}
