import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, floats } from '../testing/test-inputs.js';

describeOperation('Sigmoid', [
  { name: 'a matrix', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.sigmoid(x!) },
  { name: 'an image', inputs: { x: floats([2, 2, 3, 2]) }, fn: ({ x }) => tf.sigmoid(x!) },
  { name: 'far out', inputs: { x: exactly([4], [-200, -20, 20, 200]) }, fn: ({ x }) => tf.sigmoid(x!) },
]);
