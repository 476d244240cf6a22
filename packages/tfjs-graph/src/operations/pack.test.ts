import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('Pack', [
  {
    name: 'images along a new second axis',
    inputs: { a: floats([1, 2, 3, 2]) },
    fn: ({ a }) => tf.stack([a!, tf.square(a!)], 1),
  },
  {
    name: 'scalars',
    inputs: { a: floats([]), b: floats([], 2) },
    fn: ({ a, b }) => tf.stack([tf.mul(a!, 3), tf.add(b!, 1)]),
  },
]);
