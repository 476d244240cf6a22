import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, positives } from '../testing/test-inputs.js';

describeOperation('Log1p', [
  { name: 'a matrix', inputs: { x: positives([3, 4]) }, fn: ({ x }) => tf.log1p(x!) },
  { name: 'an image', inputs: { x: positives([2, 2, 3, 2]) }, fn: ({ x }) => tf.log1p(x!) },
  {
    name: 'near zero',
    inputs: { x: exactly([4], [1e-9, -1e-9, 1e-5, 0]) },
    fn: ({ x }) => tf.mul(tf.log1p(x!), 1e6),
    gradient: 'none',
  },
]);
