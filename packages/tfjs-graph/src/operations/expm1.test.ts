import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, floats } from '../testing/test-inputs.js';

describeOperation('Expm1', [
  { name: 'a matrix', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.expm1(tf.mul(x!, 3)) },
  { name: 'an image', inputs: { x: floats([2, 2, 3, 2]) }, fn: ({ x }) => tf.expm1(tf.mul(x!, 3)) },
  {
    name: 'near zero and far out',
    inputs: { x: exactly([5], [1e-9, -1e-9, 1e-5, -80, 30]) },
    fn: ({ x }) => tf.mul(tf.expm1(x!), 1e6),
    gradient: 'none',
  },
]);
