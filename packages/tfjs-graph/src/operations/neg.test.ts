import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('Neg', [
  { name: 'a matrix', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.neg(x!) },
  { name: 'an image', inputs: { x: floats([2, 2, 3, 2]) }, fn: ({ x }) => tf.neg(x!) },
  { name: 'integers', inputs: { x: integers([4], [-2, 0, 3, 7]) }, fn: ({ x }) => tf.neg(x!), gradient: 'none' },
]);
