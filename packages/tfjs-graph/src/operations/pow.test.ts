import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, floats, positives } from '../testing/test-inputs.js';

describeOperation('Pow', [
  { name: 'positive bases', inputs: { a: positives([2, 3]), b: floats([2, 3], 3) }, fn: ({ a, b }) => tf.pow(a!, b!) },
  {
    name: 'a scalar exponent',
    inputs: { a: positives([2, 2, 3, 2]), b: exactly([], [2.5]) },
    fn: ({ a, b }) => tf.pow(a!, b!),
  },
  {
    name: 'negative bases',
    inputs: { a: exactly([3], [-2, -2, 0]), b: exactly([3], [2, 3, 0]) },
    fn: ({ a, b }) => tf.pow(a!, b!),
    gradient: 'none',
  },
]);
