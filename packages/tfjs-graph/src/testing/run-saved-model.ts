import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Graph } from '../graph.js';
import { TENSORFLOW_TYPES } from '../tensorflow/element-types.js';
import { unsharedCopy } from '../tensorflow/unshared-copy.js';
import {
  SAVED_MODEL_TAG,
  savedModelTensors,
  writeSavedModel,
  type SavedModelOptions,
  type SavedModelSignature,
  type SavedModelSignatures,
} from '../write-saved-model.js';
import type { LoadedGraph, TestInput, TestInputs, TestOutputs } from './run-graph.js';
import { tensorFlow, bytesOf, type TensorFlowBinding } from './tensor-flow-binding.js';

/** A graph in TensorFlow, to be called by any of its signatures. */
export interface LoadedSavedModel extends LoadedGraph {
  call(signature: keyof SavedModelSignatures, inputs?: TestInputs): TestOutputs;
}

/** What is fed where a signature needs nothing. */
const CALL: TestInput = { shape: [], dtype: 'float32', data: Float32Array.of(0) };

/** Writes a graph as a SavedModel and loads it into TensorFlow. */
export async function loadSavedModel(graph: Graph, options: SavedModelOptions = {}): Promise<LoadedSavedModel> {
  const binding = requireTensorFlow();
  const folder = await mkdtemp(join(tmpdir(), 'tfjs-graph-'));
  try {
    for (const [path, bytes] of writeSavedModel(graph, options)) await writeFile(join(folder, path), bytes);
    const session = binding.loadSavedModel(folder, SAVED_MODEL_TAG);
    const signatures = savedModelTensors(graph, options);
    const call: LoadedSavedModel['call'] = (name, inputs = {}) => {
      const signature = signatures[name];
      if (!signature) throw new Error(`Bug: the model has no signature "${name}"`);
      return callSession(binding, { session, signature, inputs: { call: CALL, ...inputs } });
    };
    return {
      call,
      run: (inputs) => Promise.resolve(call('run', inputs)),
      release: () => Promise.resolve(binding.deleteSavedModel(session)),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function requireTensorFlow(): TensorFlowBinding {
  if (!tensorFlow) throw new Error('Bug: TensorFlow is not at hand, so its tests should have been skipped');
  return tensorFlow;
}

function callSession(
  binding: TensorFlowBinding,
  { session, signature, inputs }: { session: number; signature: SavedModelSignature; inputs: TestInputs },
): TestOutputs {
  const feeds = Object.entries(signature.inputs);
  const outputs = Object.entries(signature.outputs);
  const joined = (tensors: typeof feeds) => tensors.map(([, { tensor }]) => tensor).join();
  const fed = feeds.map(([name, { dtype, shape }]) =>
    binding.createTensor(shape, TENSORFLOW_TYPES[dtype], unsharedCopy(bytesOf(inputs[name]!.data, dtype))),
  );
  const fetched = binding.runSavedModel(session, fed, joined(feeds), joined(outputs));
  const results = fetched.map(({ id, shape }, i) => {
    const data = Array.from(binding.tensorDataSync(id), Number);
    return [outputs[i]![0], { shape, data }] as const;
  });
  for (const id of [...fed, ...fetched.map((one) => one.id)]) binding.deleteTensor(id);
  return Object.fromEntries(results);
}
