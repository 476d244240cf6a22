import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('LeakyRelu', [
  { name: 'a matrix', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.leakyRelu(x!, 0.3) },
  { name: 'an image', inputs: { x: floats([2, 2, 3, 2]) }, fn: ({ x }) => tf.leakyRelu(x!, 0.3) },
  { name: 'integers', inputs: { x: integers([2], [-4, 4]) }, fn: ({ x }) => tf.leakyRelu(x!, 0.3), gradient: 'none' },
]);
