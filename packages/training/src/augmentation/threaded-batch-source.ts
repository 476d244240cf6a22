import { Worker } from 'node:worker_threads';
import type { Batch } from '../items.js';
import type { BatchRequest, BatchSource } from './batch-source.js';
import type { BatchAnswer, BatchOrder, BatchSubject } from './batch-thread.js';

/** Batches that may lie ready beyond those of the next run. A step takes longer than a batch, so one hides every hiccup. */
const BATCHES_SPARE = 1;

/** A thread that nobody uses: to start one and to warm it up takes as long as several steps of a small network. */
let idle: BatchThread | undefined;

/**
 * Makes batches in a thread beside the step, ahead of it, so that the step never waits. The thread is kept for the next
 * source, and lets its process end.
 *
 * A batch that cannot be made is rejected; where the thread ends by itself, all that were asked for are.
 */
export function threadedBatchSource({ items, plan }: BatchRequest): BatchSource {
  const thread = idle?.hasEnded === false ? idle : new BatchThread();
  idle = undefined;
  thread.begin({ items: shared(items), plan });
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
    close: async () => {
      thread.finish();
      await idle?.terminate(); // of another source, closed meanwhile
      idle = thread;
    },
  };
}

interface Waiting {
  readonly resolve: (batch: Batch) => void;
  readonly reject: (error: unknown) => void;
}

class BatchThread {
  readonly #worker = new Worker(new URL('./batch-thread.js', import.meta.url));
  readonly #waiting = new Map<number, Waiting>();
  #tickets = 0;
  #ended: Error | undefined;

  constructor() {
    this.#worker.on('message', (answer: BatchAnswer) => {
      const waiting = this.#waiting.get(answer.ticket);
      this.#waiting.delete(answer.ticket);
      if ('batch' in answer) waiting?.resolve(answer.batch);
      else waiting?.reject(answer.error);
    });
    this.#worker.on('error', (error: Error) => this.#end(error));
    this.#worker.on('exit', (code) => this.#end(new Error(`The thread that makes batches ended with code ${code}`)));
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  begin(subject: BatchRequest): void {
    this.#worker.ref();
    this.#worker.postMessage({ subject } satisfies BatchSubject);
  }

  /** Whoever waits still is not answered; what batches were made from is let go. */
  finish(): void {
    this.#waiting.clear();
    this.#worker.postMessage({ subject: undefined } satisfies BatchSubject);
    this.#worker.unref();
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

  async terminate(): Promise<void> {
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
