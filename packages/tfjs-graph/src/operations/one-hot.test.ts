import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { integers } from '../testing/test-inputs.js';

describeOperation('OneHot', [
  {
    name: 'a map, one index beyond the classes',
    inputs: { i: integers([2, 2], [2, 0, 1, 255]) },
    fn: ({ i }) => tf.oneHot(i!, 3, 1, 0, 'float32'),
    gradient: 'none',
  },
  {
    name: 'maps of several images',
    inputs: { i: integers([2, 1, 2], [2, 0, 1, 255]) },
    fn: ({ i }) => tf.oneHot(i!, 3, 1, 0, 'float32'),
    gradient: 'none',
  },
  {
    name: 'other values than 1 and 0',
    inputs: { i: integers([2], [1, 0]) },
    fn: ({ i }) => tf.oneHot(i!, 2, 0.9, 0.1, 'float32'),
    gradient: 'none',
  },
  { name: 'integers', inputs: { i: integers([2], [1, 0]) }, fn: ({ i }) => tf.oneHot(i!, 2), gradient: 'none' },
]);
