import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('SquaredDifference', [
  {
    name: 'equal shapes',
    inputs: { a: floats([2, 3]), b: floats([2, 3], 3) },
    fn: ({ a, b }) => tf.squaredDifference(a!, b!),
  },
  {
    name: 'a scalar',
    inputs: { a: floats([2, 3]), b: floats([], 3) },
    fn: ({ a, b }) => tf.squaredDifference(a!, b!),
    gradient: 'none',
  },
  {
    name: 'images, and a vector over channels',
    inputs: { a: floats([2, 2, 3, 4]), b: floats([4], 3) },
    fn: ({ a, b }) => tf.squaredDifference(a!, b!),
    gradient: 'none',
  },
  {
    name: 'an image against one per channel',
    inputs: { a: floats([2, 2, 3, 4]), b: floats([2, 1, 1, 4], 3) },
    fn: ({ a, b }) => tf.squaredDifference(a!, b!),
    gradient: 'none',
  },
  {
    name: 'an image against another',
    inputs: { a: floats([2, 2, 3, 2]), b: floats([2, 2, 3, 2], 3) },
    fn: ({ a, b }) => tf.squaredDifference(a!, b!),
  },
]);
