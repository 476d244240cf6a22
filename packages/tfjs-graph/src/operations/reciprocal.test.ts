import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, positives } from '../testing/test-inputs.js';

describeOperation('Reciprocal', [
  { name: 'a matrix', inputs: { x: positives([3, 4]) }, fn: ({ x }) => tf.reciprocal(x!) },
  { name: 'an image', inputs: { x: positives([2, 2, 3, 2]) }, fn: ({ x }) => tf.reciprocal(x!) },
  { name: 'zero', inputs: { x: exactly([1], [0]) }, fn: ({ x }) => tf.reciprocal(x!), gradient: 'none' },
]);
