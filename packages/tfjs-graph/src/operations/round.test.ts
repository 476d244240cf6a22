import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, floats } from '../testing/test-inputs.js';

describeOperation('Round', [
  { name: 'a matrix', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.round(tf.mul(x!, 5)) },
  { name: 'an image', inputs: { x: floats([2, 2, 3, 2]) }, fn: ({ x }) => tf.round(tf.mul(x!, 5)) },
  {
    name: 'halves',
    inputs: { x: exactly([6], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]) },
    fn: ({ x }) => tf.round(x!),
    gradient: 'none',
  },
]);
