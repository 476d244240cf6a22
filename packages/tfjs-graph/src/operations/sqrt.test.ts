import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { positives } from '../testing/test-inputs.js';

describeOperation('Sqrt', [
  { name: 'a matrix', inputs: { x: positives([3, 4]) }, fn: ({ x }) => tf.sqrt(x!) },
  { name: 'an image', inputs: { x: positives([2, 2, 3, 2]) }, fn: ({ x }) => tf.sqrt(x!) },
]);
