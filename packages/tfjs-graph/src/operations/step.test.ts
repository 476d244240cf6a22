import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, floats } from '../testing/test-inputs.js';

describeOperation('Step', [
  { name: 'a matrix', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.step(x!) },
  { name: 'an image', inputs: { x: floats([2, 2, 3, 2]) }, fn: ({ x }) => tf.step(x!) },
  { name: 'with alpha', inputs: { x: floats([5]) }, fn: ({ x }) => tf.step(x!, -1) },
  {
    name: 'zero, the smallest and the largest numbers',
    inputs: { x: exactly([6], [0, -0, 1.2e-38, -1.2e-38, 3e38, -3e38]) },
    fn: ({ x }) => tf.step(x!),
    gradient: 'none',
  },
]);
