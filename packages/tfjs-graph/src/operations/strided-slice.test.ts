import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('StridedSlice', [
  {
    name: 'every second row',
    inputs: { x: floats([5, 3]) },
    fn: ({ x }) => tf.stridedSlice(x!, [1, 0], [5, 3], [2, 1]),
    gradient: 'none',
  },
  {
    name: 'backwards to the first',
    inputs: { x: floats([5]) },
    fn: ({ x }) => tf.stridedSlice(x!, [-1], [-9], [-2]),
    gradient: 'none',
  },
  {
    name: 'open ends by mask',
    inputs: { x: floats([4, 3]) },
    fn: ({ x }) => tf.stridedSlice(x!, [2, 1], [3, 2], [1, 1], 1, 2),
    gradient: 'none',
  },
  {
    name: 'one row, its axis dropped',
    inputs: { x: floats([4, 3]) },
    fn: ({ x }) => tf.stridedSlice(x!, [2, 0], [3, 3], [1, 1], 0, 0, 0, 0, 1),
    gradient: 'none',
  },
  {
    name: 'pixels of an image',
    inputs: { x: floats([1, 4, 4, 2]) },
    fn: ({ x }) => tf.stridedSlice(x!, [0, 1, 0, 0], [1, 4, 4, 2], [1, 2, 3, 1]),
    gradient: 'none',
  },
]);
