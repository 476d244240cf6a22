import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('Sub', [
  { name: 'equal shapes', inputs: { a: floats([2, 3]), b: floats([2, 3], 3) }, fn: ({ a, b }) => tf.sub(a!, b!) },
  { name: 'a scalar', inputs: { a: floats([2, 3]), b: floats([], 3) }, fn: ({ a, b }) => tf.sub(a!, b!) },
  {
    name: 'images, and a vector over channels',
    inputs: { a: floats([2, 2, 3, 4]), b: floats([4], 3) },
    fn: ({ a, b }) => tf.sub(a!, b!),
  },
  {
    name: 'an image against one per channel',
    inputs: { a: floats([2, 2, 3, 4]), b: floats([2, 1, 1, 4], 3) },
    fn: ({ a, b }) => tf.sub(a!, b!),
  },
  {
    name: 'an image against another',
    inputs: { a: floats([2, 2, 3, 2]), b: floats([2, 2, 3, 2], 3) },
    fn: ({ a, b }) => tf.sub(a!, b!),
  },
  {
    name: 'integers',
    inputs: { a: integers([4], [-7, 7, 2, -2]), b: integers([4], [2, -2, 3, 5]) },
    fn: ({ a, b }) => tf.sub(a!, b!),
    gradient: 'none',
  },
]);
