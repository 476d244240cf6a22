import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, floats } from '../testing/test-inputs.js';

describeOperation('Softmax', [
  { name: 'rows', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.softmax(x!) },
  { name: 'channels of an image', inputs: { x: floats([1, 2, 2, 3]) }, fn: ({ x }) => tf.softmax(x!) },
  {
    name: 'numbers far apart',
    inputs: { x: exactly([1, 3], [-1e30, 0, 1e4]) },
    fn: ({ x }) => tf.softmax(x!),
    gradient: 'none',
  },
]);
