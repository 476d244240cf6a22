import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, floats } from '../testing/test-inputs.js';

describeOperation('RealDiv', [
  {
    name: 'equal shapes',
    inputs: { a: floats([2, 3]), b: floats([2, 3], 3) },
    fn: ({ a, b }) => tf.div(a!, tf.add(b!, 3)),
  },
  { name: 'a scalar', inputs: { a: floats([2, 3]), b: floats([], 3) }, fn: ({ a, b }) => tf.div(a!, tf.add(b!, 3)) },
  {
    name: 'images, and a vector over channels',
    inputs: { a: floats([2, 2, 3, 4]), b: floats([4], 3) },
    fn: ({ a, b }) => tf.div(a!, tf.add(b!, 3)),
  },
  {
    name: 'an image against one per channel',
    inputs: { a: floats([2, 2, 3, 4]), b: floats([2, 1, 1, 4], 3) },
    fn: ({ a, b }) => tf.div(a!, tf.add(b!, 3)),
  },
  {
    name: 'an image against another',
    inputs: { a: floats([2, 2, 3, 2]), b: floats([2, 2, 3, 2], 3) },
    fn: ({ a, b }) => tf.div(a!, tf.add(b!, 3)),
  },
  {
    name: 'by zero',
    inputs: { a: exactly([3], [1, -1, 0]), b: exactly([3], [0, 0, 0]) },
    fn: ({ a, b }) => tf.div(a!, b!),
    gradient: 'none',
  },
]);
