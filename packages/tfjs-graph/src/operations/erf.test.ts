import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('Erf', [
  { name: 'a matrix', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.erf(x!) },
  { name: 'an image', inputs: { x: floats([2, 2, 3, 2]) }, fn: ({ x }) => tf.erf(x!) },
  { name: 'integers', inputs: { x: integers([3], [-2, 0, 3]) }, fn: ({ x }) => tf.erf(x!), gradient: 'none' },
]);
