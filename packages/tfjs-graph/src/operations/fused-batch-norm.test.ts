import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, positives } from '../testing/test-inputs.js';

const x = floats([2, 2, 2, 3]);
const given = { x, mean: floats([3], 2), variance: positives([3], 3) };
const fn = (record: Record<string, Tensor>): Tensor =>
  tf.batchNorm(
    record['x'] as Tensor4D,
    record['mean'] as never,
    record['variance'] as never,
    record['offset'] as never,
    record['scale'] as never,
    0.01,
  );

// TensorFlow.js's gradient needs offset and scale: without either it fails.
describeOperation('FusedBatchNorm', [
  { name: 'mean and variance', inputs: given, fn, gradient: 'none' },
  { name: 'with offset and scale', inputs: { ...given, offset: floats([3], 4), scale: positives([3], 5) }, fn },
  { name: 'with scale alone', inputs: { ...given, scale: positives([3], 5) }, fn, gradient: 'none' },
  {
    name: 'rows',
    inputs: { ...given, x: floats([4, 3]) },
    fn: (record) => tf.batchNorm2d(record['x'] as never, record['mean'] as never, record['variance'] as never),
    gradient: 'none',
  },
]);
