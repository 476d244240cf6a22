import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, floats } from '../testing/test-inputs.js';

describeOperation('Atan2', [
  {
    name: 'all quadrants',
    inputs: { a: exactly([4], [1, -1, 1, -1]), b: exactly([4], [2, 2, -2, -2]) },
    fn: ({ a, b }) => tf.atan2(a!, b!),
  },
  {
    name: 'the axes and the origin',
    inputs: { a: exactly([5], [0, 0, 1, -1, 0]), b: exactly([5], [1, -1, 0, 0, 0]) },
    fn: ({ a, b }) => tf.atan2(a!, b!),
    gradient: 'none',
  },
  {
    name: 'images',
    inputs: { a: floats([2, 2, 3, 2]), b: floats([2, 2, 3, 2], 3) },
    fn: ({ a, b }) => tf.atan2(a!, b!),
  },
]);
