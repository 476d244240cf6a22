import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('ClipByValue', [
  { name: 'a matrix', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.clipByValue(x!, -0.401, 0.507) },
  { name: 'an image', inputs: { x: floats([2, 2, 3, 2]) }, fn: ({ x }) => tf.clipByValue(x!, -0.401, 0.507) },
  {
    name: 'integers',
    inputs: { x: integers([3], [-9, 0, 9]) },
    fn: ({ x }) => tf.clipByValue(x!, -2, 3),
    gradient: 'none',
  },
]);
