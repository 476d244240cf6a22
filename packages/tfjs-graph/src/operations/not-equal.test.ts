import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { booleans, exactly, integers } from '../testing/test-inputs.js';

describeOperation('NotEqual', [
  {
    name: 'smaller, equal, larger',
    inputs: { a: exactly([3], [1, 2, 3]), b: exactly([3], [2, 2, 2]) },
    fn: ({ a, b }) => tf.notEqual(a!, b!),
    gradient: 'none',
  },
  {
    name: 'truth values',
    inputs: { a: booleans([4], [0, 0, 1, 1]), b: booleans([4], [0, 1, 0, 1]) },
    fn: ({ a, b }) => tf.notEqual(a!, b!),
    gradient: 'none',
  },
  {
    name: 'integers',
    inputs: { a: integers([4], [-7, 7, 2, -2]), b: integers([4], [2, -2, 3, 5]) },
    fn: ({ a, b }) => tf.notEqual(a!, b!),
    gradient: 'none',
  },
]);
