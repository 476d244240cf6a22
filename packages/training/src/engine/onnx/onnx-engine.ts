import { ProbityError, requireInput } from '@probity/core/errors';
import type { Graph, Numbers, Value } from '@probity/tfjs-graph/graph';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { Engine, Executable } from '../engine.js';
import { namingLackOfMemory } from '../out-of-memory.js';
import { formOnDevice, type OnnxDevice } from './device.js';
import { addsUpInEightBits } from './eight-bit-test.js';
import { formOnCpu, type ImageLayout } from './image-layout.js';
import { loadLibrary, type OnnxRuntime } from './onnx-library.js';

export interface OnnxEngineOptions {
  /** Threads of one call, 1 or more. */
  readonly threads: number;
  /** What computes; `cpu` unless told. */
  readonly device?: OnnxDevice;
  /** How images lie in the memory of a CPU; `auto` unless told. */
  readonly layout?: ImageLayout;
}

/**
 * The engine on onnxruntime, from the npm package alone. Results may differ in the last bits between thread counts, layouts
 * and devices, so all of them belong to the device kind.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where the library does not load or a layout or device that was asked for fails.
 */
export async function createOnnxEngine({
  threads,
  device = 'cpu',
  layout = 'auto',
}: OnnxEngineOptions): Promise<Engine> {
  requireInput(
    Number.isInteger(threads) && threads >= 1,
    `Cannot make an engine of ${threads} threads: it needs a whole number, 1 or more`,
  );
  const library = await loadLibrary();
  const form = device === 'cpu' ? await formOnCpu(library, layout) : await formOnDevice(library, device);
  const { engineName, reason, warning } = form;
  const clock = new BusyClock();
  let addsUp: Promise<boolean> | undefined;
  const hasEightBits = () => (addsUp ??= addsUpInEightBits(library));
  return {
    name: engineName,
    choice: `onnxruntime ${library.env.versions.node ?? 'of unknown version'}, ${reason}`,
    ...(warning !== undefined && { warning }),
    get busyMilliseconds() {
      return clock.busyMilliseconds;
    },
    hasEightBits,
    compile: async (graph, { isSmall = false, ranges } = {}) => {
      if (ranges && !(await hasEightBits())) {
        throw new ProbityError(
          'ENGINE_UNAVAILABLE',
          'Cannot run convolutions in 8 bits: their sums come out wrong on this processor. Workers of a campaign with inference.precision int8 must be of the kind that calibrated it',
        );
      }
      const session = await namingLackOfMemory('compile a graph', () =>
        library.InferenceSession.create(form.write(graph, ranges && { ranges }), {
          intraOpNumThreads: isSmall ? 1 : threads,
          interOpNumThreads: 1,
          executionMode: 'sequential',
          // A plan of the memory is made while the first run allocates, and is allocated whole beside it from the second.
          enableMemPattern: false,
          logSeverityLevel: 3,
          ...form.options,
        }),
      );
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
    const results = await clock.during(() => namingLackOfMemory('run a graph', () => session.run(tensors)));
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
