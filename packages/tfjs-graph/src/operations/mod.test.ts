import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, integers } from '../testing/test-inputs.js';

describeOperation('Mod', [
  {
    name: 'integers',
    inputs: { a: integers([4], [-7, 7, 2, -2]), b: integers([4], [2, -2, 3, 5]) },
    fn: ({ a, b }) => tf.mod(a!, b!),
    gradient: 'none',
  },
  {
    name: 'floats',
    inputs: { a: exactly([4], [5.5, -5.5, 5.5, -5.5]), b: exactly([4], [2, 2, -2, -2]) },
    fn: ({ a, b }) => tf.mod(a!, b!),
  },
]);
