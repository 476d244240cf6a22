import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorRecord } from '../trace.js';
import type { TestInputs } from './run-graph.js';

/** A function's value, and under `d_<input>` the gradients of a weighted sum of it. */
export const withGradients =
  (fn: (record: TensorRecord) => Tensor, inputs: TestInputs) =>
  (record: TensorRecord): TensorRecord => {
    const names = Object.keys(inputs);
    const sum = (...tensors: Tensor[]): Tensor => {
      const value = fn({ ...record, ...Object.fromEntries(names.map((name, i) => [name, tensors[i]!])) });
      return tf.sum(tf.mul(value, tf.reshape(tf.range(0, value.size, 1).mul(0.37).sin(), value.shape)));
    };
    const gradients = tf.grads(sum as never)(names.map((name) => record[name]!));
    return { value: fn(record), ...Object.fromEntries(gradients.map((d, i) => [`d_${names[i]!}`, d])) };
  };
