import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { describeOperation } from '../testing/check-operation.js';
import { poolingCases } from '../testing/pooling-cases.js';
import { runTraced } from '../testing/run-graph.js';
import { exactly } from '../testing/test-inputs.js';

describeOperation(
  'MaxPoolGrad',
  poolingCases(({ x, size, stride, padding }) => tf.maxPool(x, size, stride, padding)),
);

describe('MaxPoolGrad', () => {
  const gradient =
    (size: [number, number], stride: number) =>
    ({ x }: Record<string, Tensor>) => ({
      d: tf.grad((image: Tensor) => tf.maxPool(image as Tensor4D, size, stride, 'valid'))(x!),
    });

  it('shares the gradient between equal maxima of windows that tile the image', async () => {
    const { d } = await runTraced(gradient([2, 2], 2), { x: exactly([1, 2, 4, 1], [5, 5, 0, 0, 1, 2, 0, 0]) });
    expect(d!.data).toEqual([0.5, 0.5, 0.25, 0.25, 0, 0, 0.25, 0.25]);
  });

  it('gives the gradient of overlapping windows to the first of equal maxima', async () => {
    const { d } = await runTraced(gradient([1, 2], 1), { x: exactly([1, 1, 3, 1], [4, 4, 4]) });
    expect(d!.data).toEqual([1, 1, 0]);
  });
});
