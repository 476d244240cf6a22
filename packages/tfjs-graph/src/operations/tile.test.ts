import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('Tile', [
  { name: 'a matrix', inputs: { x: floats([2, 3]) }, fn: ({ x }) => tf.tile(x!, [2, 3]) },
  { name: 'an image', inputs: { x: floats([1, 2, 2, 2]) }, fn: ({ x }) => tf.tile(x!, [1, 2, 1, 3]) },
  { name: 'broadcast to a shape', inputs: { x: floats([1, 3]) }, fn: ({ x }) => tf.broadcastTo(x!, [2, 3]) },
]);
