import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('ZerosLike', [
  { name: 'an image', inputs: { x: floats([1, 2, 3, 2]) }, fn: ({ x }) => tf.add(tf.zerosLike(x!), x!) },
  { name: 'integers', inputs: { x: integers([2], [5, 6]) }, fn: ({ x }) => tf.zerosLike(x!), gradient: 'none' },
]);
