import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { convolutionCases } from '../testing/convolution-cases.js';
import { floats } from '../testing/test-inputs.js';

const transposed =
  (outputShape: [number, number, number, number], stride: number) =>
  ({ x, filter }: Record<string, Tensor>) =>
    tf.conv2dTranspose(x as Tensor4D, filter as Tensor4D, outputShape, stride, 'same');

describeOperation('Conv2DBackpropInput', [
  ...convolutionCases(({ x, filter, stride, padding }) => tf.conv2d(x, filter, stride, padding), [2]).map((one) => ({
    ...one,
    value: 'none' as const,
  })),
  {
    name: 'a transposed convolution that doubles',
    inputs: { x: floats([1, 3, 2, 2]), filter: floats([2, 2, 2, 2], 3) },
    fn: transposed([1, 6, 4, 2], 2),
  },
  {
    name: 'a transposed convolution to an odd size',
    inputs: { x: floats([1, 3, 2, 2]), filter: floats([3, 3, 1, 2], 3) },
    fn: transposed([1, 5, 3, 1], 2),
  },
  {
    name: 'a transposed convolution at stride 1',
    inputs: { x: floats([1, 3, 3, 2]), filter: floats([3, 3, 1, 2], 3) },
    fn: transposed([1, 3, 3, 1], 1),
  },
]);
