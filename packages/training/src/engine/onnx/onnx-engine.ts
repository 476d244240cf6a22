import { ProbityError, requireInput } from '@probity/core/errors';
import type { Graph, Numbers, Value } from '@probity/tfjs-graph/graph';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import type { InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common';
import type { Engine, Executable } from '../engine.js';

/** The library is loaded when an engine is made, so that everything else works where it does not load. */
const LIBRARY = 'onnxruntime-node';

interface OnnxRuntime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

/** @throws {ProbityError} `ENGINE_UNAVAILABLE` with what the loader said. */
export async function loadLibrary(name = LIBRARY): Promise<OnnxRuntime> {
  try {
    const module = (await import(name)) as OnnxRuntime & { default?: OnnxRuntime };
    return module.default ?? module;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot load the engine "${name}": ${reason}. Run "probity doctor" to see what this machine lacks`;
    throw new ProbityError('ENGINE_UNAVAILABLE', message, { cause });
  }
}

/**
 * The engine on onnxruntime's CPU provider, from the npm package alone.
 *
 * @param options.threads Threads of one call, 1 or more. Results may differ in the last bits between thread counts, so
 *   the count belongs to the device kind.
 */
export async function createOnnxEngine({ threads }: { threads: number }): Promise<Engine> {
  requireInput(
    Number.isInteger(threads) && threads >= 1,
    `Cannot make an engine of ${threads} threads: it needs a whole number, 1 or more`,
  );
  const library = await loadLibrary();
  const clock = new BusyClock();
  return {
    name: 'onnx-cpu',
    get busyMilliseconds() {
      return clock.busyMilliseconds;
    },
    compile: async (graph) => {
      const session = await library.InferenceSession.create(writeOnnx(graph), {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        logSeverityLevel: 3,
      });
      return new OnnxExecutable({ graph, session, library, clock });
    },
  };
}

/** How long at least one call was under way: calls that overlap count once. */
class BusyClock {
  #running = 0;
  #began = 0;
  #milliseconds = 0;

  get busyMilliseconds(): number {
    return this.#milliseconds + (this.#running > 0 ? performance.now() - this.#began : 0);
  }

  async during<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#running++ === 0) this.#began = performance.now();
    try {
      return await call();
    } finally {
      if (--this.#running === 0) this.#milliseconds += performance.now() - this.#began;
    }
  }
}

interface Parts {
  readonly graph: Graph;
  readonly session: InferenceSession;
  readonly library: OnnxRuntime;
  readonly clock: BusyClock;
}

class OnnxExecutable implements Executable {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(feeds: Readonly<Record<string, Numbers>>): Promise<Record<string, Numbers>> {
    const { graph, session, clock } = this.#parts;
    const known = new Set(session.inputNames);
    const tensors: Record<string, Tensor> = {};
    for (const { name, value } of graph.inputs) {
      // An input that the graph does not use is not in the session.
      if (known.has(name)) tensors[name] = this.#tensor(value, requireFeed(feeds, name));
    }
    const results = await clock.during(() => session.run(tensors));
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [name, (tensor as Tensor).data as Numbers]),
    );
  }

  #tensor({ shape, dtype }: Value, data: Numbers): Tensor {
    const { Tensor: OnnxTensor } = this.#parts.library;
    switch (dtype) {
      case 'float32':
        return new OnnxTensor('float32', data as Float32Array, [...shape]);
      case 'int32':
        return new OnnxTensor('int32', data as Int32Array, [...shape]);
      case 'uint8':
        return new OnnxTensor('uint8', data as Uint8Array, [...shape]);
      case 'bool':
        return new OnnxTensor('bool', data as Uint8Array, [...shape]);
    }
  }

  async dispose(): Promise<void> {
    await this.#parts.session.release();
  }
}

function requireFeed(feeds: Readonly<Record<string, Numbers>>, name: string): Numbers {
  const data = feeds[name];
  if (!data) throw new Error(`Bug: the graph's input "${name}" was not fed`);
  return data;
}
