import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers, positives } from '../testing/test-inputs.js';

describeOperation('FloorDiv', [
  {
    name: 'integers',
    inputs: { a: integers([4], [-7, 7, 2, -2]), b: integers([4], [2, -2, 3, 5]) },
    fn: ({ a, b }) => tf.floorDiv(a!, b!),
    gradient: 'none',
  },
  {
    name: 'floats',
    inputs: { a: floats([2, 2, 3, 2]), b: positives([2, 2, 3, 2], 3) },
    fn: ({ a, b }) => tf.floorDiv(a!, b!),
    gradient: 'none',
  },
]);
