import tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { TensorRecord } from '../trace.js';
import { runOnCpu, runTraced, type TestInput } from './run-graph.js';

/** Reproducible numbers in about [-1, 1], none of them near a kink at 0 or equal to another. */
export function testNumbers(count: number, seed = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const value = Math.sin((i + 1) * 12.9898 * seed) * 43758.5453;
    const unit = (value - Math.floor(value)) * 2 - 1;
    return Math.sign(unit || 1) * (0.05 + 0.95 * Math.abs(unit)) + i * 1e-5;
  });
}

export const floats = (shape: readonly number[], seed = 1): TestInput => ({
  shape,
  dtype: 'float32',
  data: testNumbers(shape.reduce((product, size) => product * size, 1), seed),
});

/** The traced function gives what TensorFlow.js's CPU backend gives. */
export async function expectSameValue(fn: (inputs: TensorRecord) => TensorRecord, inputs: Readonly<Record<string, TestInput>>): Promise<void> {
  const [traced, direct] = [await runTraced(fn, inputs), await runOnCpu(fn, inputs)];
  expect(Object.keys(traced)).toEqual(Object.keys(direct));
  for (const [name, { shape, data }] of Object.entries(direct)) {
    expect(traced[name]!.shape).toEqual(shape);
    data.forEach((number, i) => expect(traced[name]!.data[i], `${name}[${i}]`).toBeCloseTo(number, 4));
  }
}

/**
 * The traced gradient agrees with central differences of the traced value, which decide: TensorFlow.js's own CPU
 * gradients are wrong in places. The scalar is a fixed random weighting of the outputs, so that no error cancels.
 */
export async function expectRightGradient(fn: (inputs: TensorRecord) => Tensor, inputs: Readonly<Record<string, TestInput>>): Promise<void> {
  const names = Object.keys(inputs).filter((name) => inputs[name]!.dtype === 'float32');
  const scalar = (record: TensorRecord): Tensor => {
    const output = fn(record);
    return tf.sum(tf.mul(output, tf.tensor(testNumbers(output.size, 7), output.shape)));
  };
  const gradients = await runTraced((record) => {
    const constants = Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
    const grads = tf.grads((...tensors: Tensor[]) => scalar({ ...constants, ...Object.fromEntries(names.map((name, i) => [name, tensors[i]!])) }) as never);
    return Object.fromEntries(grads(names.map((name) => record[name]!)).map((gradient, i) => [`d_${names[i]!}`, gradient]));
  }, inputs);

  const value = async (changed: Readonly<Record<string, TestInput>>) => (await runTraced((record) => ({ value: scalar(record) }), changed))['value']!.data[0]!;
  const step = 2e-3; // small enough to stay between kinks, large enough for float32
  for (const name of names) {
    const { data } = inputs[name]!;
    // A handful of elements, spread over the tensor: each costs two runs.
    for (const i of [...new Set([0, Math.floor(data.length / 3), Math.floor((2 * data.length) / 3), data.length - 1])]) {
      const nudged = async (by: number) => {
        const copy = Float32Array.from(data);
        copy[i]! += by;
        return value({ ...inputs, [name]: { ...inputs[name]!, data: copy } });
      };
      const difference = ((await nudged(step)) - (await nudged(-step))) / (2 * step);
      const found = gradients[`d_${name}`]!.data[i]!;
      expect(Math.abs(found - difference), `d/d${name}[${i}]: ${found} against ${difference}`).toBeLessThan(0.02 * Math.max(1, Math.abs(difference)));
    }
  }
}
