import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('AddN', [
  {
    name: 'three images',
    inputs: { a: floats([1, 2, 2, 2]), b: floats([1, 2, 2, 2], 2) },
    fn: ({ a, b }) => tf.addN([a!, b!, a!]),
  },
  {
    name: 'integers',
    inputs: { a: integers([2], [1, 2]), b: integers([2], [30, 40]) },
    fn: ({ a, b }) => tf.addN([a!, b!, a!]),
    gradient: 'none',
  },
]);
