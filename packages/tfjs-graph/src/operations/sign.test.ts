import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('Sign', [
  { name: 'a matrix', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.sign(x!) },
  { name: 'an image', inputs: { x: floats([2, 2, 3, 2]) }, fn: ({ x }) => tf.sign(x!) },
  { name: 'zero and integers', inputs: { x: integers([3], [-2, 0, 3]) }, fn: ({ x }) => tf.sign(x!), gradient: 'none' },
]);
