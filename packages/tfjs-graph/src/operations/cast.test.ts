import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { booleans, exactly, floats } from '../testing/test-inputs.js';

describeOperation('Cast', [
  {
    name: 'to integers, fractions cut off',
    inputs: { x: exactly([4], [-1.7, -0.2, 0.9, 3.5]) },
    fn: ({ x }) => tf.cast(x!, 'int32'),
    gradient: 'none',
  },
  {
    name: 'to truth values',
    inputs: { x: exactly([3], [0, 0.5, -2]) },
    fn: ({ x }) => tf.cast(x!, 'bool'),
    gradient: 'none',
  },
  {
    name: 'from truth values',
    inputs: { x: booleans([2], [0, 1]) },
    fn: ({ x }) => tf.cast(x!, 'float32'),
    gradient: 'none',
  },
  {
    name: 'of an image',
    inputs: { x: floats([1, 2, 2, 2]) },
    fn: ({ x }) => tf.cast(tf.mul(x!, 9), 'int32'),
    gradient: 'none',
  },
]);
