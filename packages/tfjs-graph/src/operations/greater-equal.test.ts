import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, floats, integers } from '../testing/test-inputs.js';

describeOperation('GreaterEqual', [
  {
    name: 'smaller, equal, larger',
    inputs: { a: exactly([3], [1, 2, 3]), b: exactly([3], [2, 2, 2]) },
    fn: ({ a, b }) => tf.greaterEqual(a!, b!),
    gradient: 'none',
  },
  {
    name: 'images, and a vector over channels',
    inputs: { a: floats([2, 2, 3, 4]), b: floats([4], 3) },
    fn: ({ a, b }) => tf.greaterEqual(a!, b!),
    gradient: 'none',
  },
  {
    name: 'integers',
    inputs: { a: integers([4], [-7, 7, 2, -2]), b: integers([4], [2, -2, 3, 5]) },
    fn: ({ a, b }) => tf.greaterEqual(a!, b!),
    gradient: 'none',
  },
]);
