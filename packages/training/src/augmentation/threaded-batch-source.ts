import { Worker } from 'node:worker_threads';
import type { Batch } from '../items.js';
import type { BatchRequest, BatchSource, CreateBatchSource } from './batch-source.js';
import type { BatchAnswer, BatchOrder } from './batch-thread.js';

/** Batches that may lie ready beyond those of the next run. A step takes longer than a batch, so one hides every hiccup. */
const BATCHES_SPARE = 1;

/**
 * Makes batches in a thread beside the step, ahead of it, so that the step never waits.
 *
 * A batch that cannot be made is rejected; where the thread ends by itself, all that were asked for are.
 */
export const threadedBatchSource: CreateBatchSource = (request) => {
  const thread = new BatchThread();
  return sourceOf(thread, { request, close: () => thread.terminate() });
};

export interface KeptBatchThread {
  /** As `threadedBatchSource`. */
  readonly createBatches: CreateBatchSource;
  /** Ends the thread that is kept. */
  drop(): Promise<void>;
}

/**
 * Keeps the thread of the source that was closed last for the next one, and the memory of its items: starting a thread and
 * warming it up takes as long as several steps of a small network. A kept thread lets its process end.
 */
export function keepBatchThread(): KeptBatchThread {
  let kept: BatchThread | undefined;
  const drop = async () => {
    const former = kept;
    kept = undefined;
    await former?.terminate();
  };
  return {
    createBatches: (request) => {
      const thread = kept?.hasEnded === false ? kept : new BatchThread();
      kept = undefined;
      const close = async () => {
        thread.rest();
        await drop(); // of another source, closed meanwhile
        kept = thread;
      };
      return sourceOf(thread, { request, close });
    },
    drop,
  };
}

function sourceOf(
  thread: BatchThread,
  { request, close }: { request: BatchRequest; close: () => Promise<void> },
): BatchSource {
  thread.begin(request);
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
    close,
  };
}

interface Waiting {
  readonly resolve: (batch: Batch) => void;
  readonly reject: (error: unknown) => void;
}

class BatchThread {
  readonly #worker = new Worker(new URL('./batch-thread.js', import.meta.url));
  readonly #waiting = new Map<number, Waiting>();
  readonly #memories = new Map<string, SharedArrayBuffer>();
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

  begin({ items, plan }: BatchRequest): void {
    this.#worker.ref();
    this.#worker.postMessage({ items: this.#shared(items), plan } satisfies BatchRequest);
  }

  /** Whoever waits still is not answered. */
  rest(): void {
    this.#waiting.clear();
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

  /** The same items in memory that both threads see, so that the thread holds no copy of its own; it gets nothing but what it needs. */
  #shared(items: BatchRequest['items']): BatchRequest['items'] {
    const { ids, height, width, channels, labelHeight, labelWidth } = items;
    const images = new Float32Array(this.#memory('images', items.images.byteLength), 0, items.images.length);
    images.set(items.images);
    const prepared = { ids, height, width, channels, labelHeight, labelWidth, images };
    const taught = 'labels' in items ? items.labels : items.levels;
    const bytes = new Uint8Array(this.#memory('taught', taught.byteLength), 0, taught.length);
    bytes.set(taught);
    return 'labels' in items
      ? { ...prepared, labels: bytes }
      : { ...prepared, classCount: items.classCount, levels: bytes };
  }

  /** What the source before wrote to where it is large enough: nothing tells either thread soon that shared memory is free. */
  #memory(name: string, byteLength: number): SharedArrayBuffer {
    const present = this.#memories.get(name);
    if (present && present.byteLength >= byteLength) return present;
    const memory = new SharedArrayBuffer(byteLength);
    this.#memories.set(name, memory);
    return memory;
  }
}
