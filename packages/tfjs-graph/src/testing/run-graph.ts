import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import type { DataType, Graph, Numbers } from '../graph.js';
import { trace, type InputSpec, type TensorRecord } from '../trace.js';
import { writeOnnx, type OnnxOptions } from '../write-onnx.js';

export interface TestInput extends InputSpec {
  readonly data: Numbers;
}

export interface TestOutput {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export type TestInputs = Readonly<Record<string, TestInput>>;
export type TestOutputs = Record<string, TestOutput>;

/** A graph in its runtime, to be run as often as a test likes. */
export interface LoadedGraph {
  run(inputs: TestInputs): Promise<TestOutputs>;
  release(): Promise<void>;
}

/** Keeps every file of standard operators that a test run writes where `PROBITY_KEEP_ONNX` says, for test/oracles/check-onnx.py. */
async function keepFile(bytes: Uint8Array): Promise<void> {
  const folder = process.env['PROBITY_KEEP_ONNX'];
  if (folder)
    await writeFile(join(folder, `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.onnx`), bytes);
}

/** Writes a graph as ONNX and loads the file into onnxruntime. */
export async function loadGraph(graph: Graph, options: OnnxOptions = {}): Promise<LoadedGraph> {
  const bytes = writeOnnx(graph, options);
  if (options.channelBlock === undefined && !options.ranges) await keepFile(bytes);
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const names = new Set(session.inputNames);
  return {
    run: async (inputs) => {
      const feeds = Object.entries(inputs).filter(([name]) => names.has(name));
      const results = await session.run(
        Object.fromEntries(feeds.map(([name, { dtype, data, shape }]) => [name, ortTensor(dtype, data, shape)])),
      );
      return Object.fromEntries(
        Object.entries(results).map(([name, { dims, data }]) => [
          name,
          { shape: dims, data: Array.from(data as Numbers, Number) },
        ]),
      );
    },
    release: () => session.release(),
  };
}

/** Traces `fn`, writes it and runs it once, as ONNX in onnxruntime unless told otherwise. */
export async function runTraced(
  fn: (inputs: TensorRecord) => TensorRecord,
  inputs: TestInputs,
  load: (graph: Graph) => Promise<LoadedGraph> = loadGraph,
): Promise<TestOutputs> {
  const loaded = await load(trace(fn, inputs));
  const outputs = await loaded.run(inputs);
  await loaded.release();
  return outputs;
}

function ortTensor(dtype: DataType, data: Numbers, shape: readonly number[]): ort.Tensor {
  switch (dtype) {
    case 'float32':
      return new ort.Tensor('float32', Float32Array.from(data), [...shape]);
    case 'int32':
      return new ort.Tensor('int32', Int32Array.from(data), [...shape]);
    case 'bool':
      return new ort.Tensor('bool', Uint8Array.from(data), [...shape]);
    case 'uint8':
      return new ort.Tensor('uint8', Uint8Array.from(data), [...shape]);
  }
}

/** The same function on TensorFlow.js's own CPU backend. */
export async function runOnCpu(fn: (inputs: TensorRecord) => TensorRecord, inputs: TestInputs): Promise<TestOutputs> {
  await tf.setBackend('cpu');
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape, dtype }]) => [
      name,
      tf.tensor(data as Float32Array, [...shape], dtype === 'uint8' ? 'float32' : dtype),
    ]),
  );
  const outputs: TestOutputs = {};
  for (const [name, tensor] of Object.entries(fn(tensors) as Record<string, Tensor>)) {
    outputs[name] = { shape: tensor.shape, data: Array.from(tensor.dataSync(), Number) };
  }
  return outputs;
}
