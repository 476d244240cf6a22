import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectRightGradient, expectSameValue } from './testing/check-operation.js';
import { floats } from './testing/test-inputs.js';
import { runTraced } from './testing/run-graph.js';
import { trace } from './trace.js';
import { writeOnnx } from './write-onnx.js';

const network = ({ x, a, b }: Record<string, Tensor>): Tensor => {
  const first = tf.relu(tf.conv2d(x as Tensor4D, a as Tensor4D, 1, 'same'));
  const pooled = tf.maxPool(first as Tensor4D, 2, 2, 'valid');
  const up = tf.image.resizeNearestNeighbor(pooled as Tensor4D, [8, 8]);
  return tf.softmax(tf.conv2d(tf.concat([up, first as Tensor4D], 3), b as Tensor4D, 1, 'same'));
};
const inputs = { x: floats([2, 8, 8, 2]), a: floats([3, 3, 2, 3], 2), b: floats([3, 3, 6, 2], 3) };

describe('trace()', () => {
  it('records a small network that computes what TensorFlow.js computes', async () => {
    await expectSameValue((record) => ({ y: network(record) }), inputs);
  });

  it('records its gradient, as finite differences find it', async () => {
    await expectRightGradient({ fn: network, inputs });
  });

  it('gives the same bytes for the same function', () => {
    const write = () => writeOnnx(trace((record) => ({ y: network(record) }), inputs));
    expect(Buffer.compare(write(), write())).toBe(0);
  });

  it('takes bytes as float32 where an input is uint8', async () => {
    const { y } = await runTraced(({ x }) => ({ y: tf.mul(x!, 2) }), {
      x: { shape: [3], dtype: 'uint8', data: Uint8Array.of(0, 7, 255) },
    });
    expect(y!.data).toEqual([0, 14, 510]);
  });

  it('hands an input straight through under another name', async () => {
    const { y } = await runTraced(({ x }) => ({ y: x! }), { x: floats([2]) });
    expect(y!.shape).toEqual([2]);
  });

  it('names an operation it does not support and the line that called it', () => {
    const unsupported = () => trace(({ x }) => ({ y: tf.topk(x!).values }), { x: floats([2]) });
    expect(unsupported).toThrow(
      expect.objectContaining({
        code: 'OPERATION_UNSUPPORTED',
        message: expect.stringMatching(/"TopK" \(called from .*trace\.test\.ts:\d+\)/),
      }),
    );
  });
});
