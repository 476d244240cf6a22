import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

// TensorFlow.js refuses the gradient along any axis but the last: it permutes it wrongly.
describeOperation('Cumsum', [
  { name: 'rows', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.cumsum(x!, 1) },
  {
    name: 'columns, without itself',
    inputs: { x: floats([3, 4]) },
    fn: ({ x }) => tf.cumsum(x!, 0, true),
    gradient: 'none',
  },
  {
    name: 'an image, from the end',
    inputs: { x: floats([1, 2, 3, 2]) },
    fn: ({ x }) => tf.cumsum(x!, 2, false, true),
    gradient: 'none',
  },
]);
