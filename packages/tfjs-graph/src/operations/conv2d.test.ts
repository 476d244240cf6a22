import * as tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { describeOperation } from '../testing/check-operation.js';
import { convolutionCases } from '../testing/convolution-cases.js';
import { floats } from '../testing/test-inputs.js';
import { trace } from '../trace.js';

describeOperation('Conv2D', [
  ...convolutionCases(({ x, filter, stride, padding }) => tf.conv2d(x, filter, stride, padding), [3]).map((one) => ({
    ...one,
    gradient: 'none' as const,
  })),
  {
    name: 'dilated',
    inputs: { x: floats([1, 7, 7, 2]), filter: floats([3, 3, 2, 2], 3) },
    fn: ({ x, filter }) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same', 'NHWC', 2),
    gradient: 'none',
  },
]);

describe('Conv2D', () => {
  it('refuses channels-first images', () => {
    const inputs = {
      x: { shape: [1, 2, 4, 4], dtype: 'float32' },
      f: { shape: [3, 3, 2, 1], dtype: 'float32' },
    } as const;
    const convolve = () =>
      trace(({ x, f }) => ({ y: tf.conv2d(x as Tensor4D, f as Tensor4D, 1, 'same', 'NCHW') }), inputs);
    expect(convolve).toThrow(
      expect.objectContaining({
        code: 'OPERATION_UNSUPPORTED',
        message: expect.stringMatching(/NHWC.*conv2d\.test\.ts:\d+/),
      }),
    );
  });
});
