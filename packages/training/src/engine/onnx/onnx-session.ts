import type { Graph, Numbers, Value } from '@probity/tfjs-graph/graph';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { Executable, Feeds } from '../engine.js';
import { callLibrary } from '../library-call.js';
import type { BusyClock } from './busy-clock.js';
import type { OnnxRuntime } from './onnx-library.js';

export type Tensors = Readonly<Record<string, Tensor>>;

/** Loads a file into the library. */
export type OpenSession = (file: Uint8Array, options?: InferenceSession.SessionOptions) => Promise<OnnxSession>;

/** A file inside the library. */
export class OnnxSession {
  readonly #library: OnnxRuntime;
  readonly #clock: BusyClock;
  readonly #session: InferenceSession;
  /** An input that the graph does not use is not in the session. */
  readonly #known: ReadonlySet<string>;

  private constructor(library: OnnxRuntime, clock: BusyClock, session: InferenceSession) {
    this.#library = library;
    this.#clock = clock;
    this.#session = session;
    this.#known = new Set(session.inputNames);
  }

  /** What loads files for one engine: its options first, then a file's own. */
  static opener(library: OnnxRuntime, clock: BusyClock, common: InferenceSession.SessionOptions): OpenSession {
    return async (file, options) => {
      const session = await callLibrary('compile a graph', () =>
        library.InferenceSession.create(file, { ...common, ...options }),
      );
      return new OnnxSession(library, clock, session);
    };
  }

  tensor({ shape, dtype }: Pick<Value, 'shape' | 'dtype'>, data: Numbers): Tensor {
    const { Tensor: OnnxTensor } = this.#library;
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

  /** A number that stands in the format's own integers, as lengths and counts do. */
  count(value: number): Tensor {
    return new this.#library.Tensor('int64', BigInt64Array.of(BigInt(value)), []);
  }

  /** @throws {Error} Naming an input that was not fed. */
  tensors(inputs: Graph['inputs'], feeds: Feeds): Tensors {
    const known = inputs.filter(({ name }) => this.#known.has(name));
    return Object.fromEntries(known.map(({ name, value }) => [name, this.tensor(value, requireFeed(feeds, name))]));
  }

  async run(tensors: Tensors): Promise<Tensors> {
    const known = Object.fromEntries(Object.entries(tensors).filter(([name]) => this.#known.has(name)));
    return this.#clock.during(() =>
      callLibrary('run a graph', async () => (await this.#session.run(known)) as Tensors),
    );
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** A graph that a session holds. */
export const executableOf = ({ inputs }: Graph, session: OnnxSession): Executable => ({
  run: async (feeds) => numbersOf(await session.run(session.tensors(inputs, feeds))),
  dispose: () => session.release(),
});

/** Numbers of tensors that lie on the host. */
export const numbersOf = (tensors: Tensors): Record<string, Numbers> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data as Numbers]));

export function requireFeed(feeds: Feeds, name: string): Numbers {
  const data = feeds[name];
  if (!data) throw new Error(`Bug: the graph's input "${name}" was not fed`);
  return data;
}
