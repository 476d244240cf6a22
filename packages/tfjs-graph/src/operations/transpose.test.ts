import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';
import { trace } from '../trace.js';
import { writeOnnx } from '../write-onnx.js';

const orders = [
  [0, 2, 3, 1],
  [0, 3, 1, 2],
  [3, 1, 0, 2],
  [0, 1, 3, 2],
];

describeOperation('Transpose', [
  ...orders.map((order) => ({
    name: `an image to ${order.join()}`,
    inputs: { x: floats([2, 3, 1, 2]) },
    fn: ({ x }: Record<string, Tensor>) => tf.transpose(x!, order),
  })),
  { name: 'a matrix', inputs: { x: floats([2, 3]) }, fn: ({ x }) => tf.transpose(x!) },
]);

describe('Transpose', () => {
  it('moves nothing from channels-first images into a convolution', () => {
    const fn = ({ x, filter }: Record<string, Tensor>) => ({
      y: tf.transpose(tf.conv2d(tf.transpose(x!, [0, 2, 3, 1]) as never, filter as never, 1, 'same'), [0, 3, 1, 2]),
    });
    const bytes = writeOnnx(
      trace(fn, { x: { shape: [1, 2, 3, 3], dtype: 'float32' }, filter: { shape: [3, 3, 2, 4], dtype: 'float32' } }),
    );
    // The one that is left turns the filter.
    expect(
      Buffer.from(bytes)
        .toString('latin1')
        .match(/\bTranspose\b(?!_)/g),
    ).toHaveLength(1);
  });
});
