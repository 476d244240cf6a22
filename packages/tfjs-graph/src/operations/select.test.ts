import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { booleans, floats } from '../testing/test-inputs.js';

describeOperation('Select', [
  {
    name: 'matrices',
    inputs: { a: floats([2, 3]), b: floats([2, 3], 3), mask: booleans([2, 3], [1, 0, 0, 1, 1, 0]) },
    fn: ({ a, b, mask }) => tf.where(mask!, a!, b!),
  },
  {
    name: 'images',
    inputs: { a: floats([1, 2, 1, 2]), b: floats([1, 2, 1, 2], 3), mask: booleans([1, 2, 1, 2], [1, 0, 0, 1]) },
    fn: ({ a, b, mask }) => tf.where(mask!, a!, b!),
  },
]);
