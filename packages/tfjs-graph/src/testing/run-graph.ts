import tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { trace, type InputSpec, type TensorRecord } from '../trace.js';
import { writeOnnx } from '../write-onnx.js';
import type { DataType, Numbers } from '../graph.js';

export interface TestInput extends InputSpec {
  readonly data: Numbers;
}

export interface TestOutput {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** Traces `fn`, writes it as ONNX, runs the file in onnxruntime. */
export async function runTraced(fn: (inputs: TensorRecord) => TensorRecord, inputs: Readonly<Record<string, TestInput>>): Promise<Record<string, TestOutput>> {
  const session = await ort.InferenceSession.create(writeOnnx(trace(fn, inputs)));
  const used = new Set(session.inputNames);
  const feeds = Object.entries(inputs).filter(([name]) => used.has(name));
  const results = await session.run(Object.fromEntries(feeds.map(([name, { dtype, data, shape }]) => [name, ortTensor(dtype, data, shape)])));
  const outputs = Object.entries(results).map(([name, { dims, data }]) => [name, { shape: dims, data: Array.from(data as Numbers, Number) }] as const);
  await session.release();
  return Object.fromEntries(outputs);
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
export async function runOnCpu(fn: (inputs: TensorRecord) => TensorRecord, inputs: Readonly<Record<string, TestInput>>): Promise<Record<string, TestOutput>> {
  await tf.setBackend('cpu');
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape, dtype }]) => [name, tf.tensor(data as Float32Array, [...shape], dtype === 'uint8' ? 'float32' : dtype)]),
  );
  const outputs: Record<string, TestOutput> = {};
  for (const [name, tensor] of Object.entries(fn(tensors) as Record<string, Tensor>)) {
    outputs[name] = { shape: tensor.shape, data: Array.from(tensor.dataSync(), Number) };
  }
  return outputs;
}
