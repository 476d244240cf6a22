import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataType, Graph, Numbers } from '@probity/tfjs-graph/graph';
import { unsharedCopy } from '@probity/tfjs-graph/tensorflow/unshared-copy';
import {
  SAVED_MODEL_TAG,
  savedModelTensors,
  writeSavedModel,
  type SavedModelOptions,
  type SavedModelSignature,
  type SavedModelSignatures,
} from '@probity/tfjs-graph/write-saved-model';
import { callLibrary } from '../library-call.js';
import type { TensorFlowLibrary } from './tensorflow-library.js';

/** The library with the time that it has computed. */
export interface ClockedLibrary {
  readonly library: TensorFlowLibrary;
  busyMilliseconds: number;
}

/** A graph inside the library, with whatever state it keeps there. */
export class SavedModelSession {
  readonly signatures: SavedModelSignatures;
  readonly #clocked: ClockedLibrary;
  readonly #session: number;

  private constructor(clocked: ClockedLibrary, session: number, signatures: SavedModelSignatures) {
    this.#clocked = clocked;
    this.#session = session;
    this.signatures = signatures;
  }

  /** The library takes a model from a folder only: it is written to one of its own, which is gone when it is loaded. */
  static async open(clocked: ClockedLibrary, graph: Graph, options: SavedModelOptions): Promise<SavedModelSession> {
    const folder = await mkdtemp(join(tmpdir(), 'probity-saved-model-'));
    try {
      for (const [path, bytes] of writeSavedModel(graph, options)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), bytes);
      }
      const session = await callLibrary('compile a graph', () =>
        Promise.resolve(clocked.library.loadSavedModel(folder, SAVED_MODEL_TAG)),
      );
      return new SavedModelSession(clocked, session, savedModelTensors(graph, options));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /**
   * @param feeds At least the inputs of the signature.
   * @returns Every output of the signature by its name; memory of their own.
   */
  async run(
    signature: SavedModelSignature,
    feeds: Readonly<Record<string, Numbers>>,
  ): Promise<Record<string, Numbers>> {
    await nextTurn(); // the call holds the thread: messages and signals have their turn before it
    const began = performance.now();
    try {
      return await callLibrary('run a graph', () => Promise.resolve(this.#call(signature, feeds)));
    } finally {
      this.#clocked.busyMilliseconds += performance.now() - began;
    }
  }

  #call({ inputs, outputs }: SavedModelSignature, feeds: Readonly<Record<string, Numbers>>): Record<string, Numbers> {
    const { library } = this.#clocked;
    const names = Object.keys(outputs);
    const tensors: number[] = [];
    try {
      for (const [name, { shape, dtype }] of Object.entries(inputs))
        tensors.push(library.createTensor(shape, typeOf(dtype, library), unsharedCopy(requireFeed(feeds, name))));
      const results = library.runSavedModel(this.#session, [...tensors], tensorNames(inputs), tensorNames(outputs));
      tensors.push(...results.map(({ id }) => id));
      return Object.fromEntries(results.map(({ id }, i) => [names[i]!, library.tensorDataSync(id)]));
    } finally {
      for (const tensor of tensors) library.deleteTensor(tensor);
    }
  }

  close(): void {
    this.#clocked.library.deleteSavedModel(this.#session);
  }
}

const typeOf = (dtype: DataType, { TF_FLOAT, TF_INT32, TF_UINT8, TF_BOOL }: TensorFlowLibrary): number =>
  ({ float32: TF_FLOAT, int32: TF_INT32, uint8: TF_UINT8, bool: TF_BOOL })[dtype];

const tensorNames = (tensors: SavedModelSignature['inputs']): string =>
  Object.values(tensors)
    .map(({ tensor }) => tensor)
    .join(',');

function requireFeed(feeds: Readonly<Record<string, Numbers>>, name: string): Numbers {
  const data = feeds[name];
  if (!data) throw new Error(`Bug: the graph's input "${name}" was not fed`);
  return data;
}
