import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('Reshape', [
  { name: 'one size left open', inputs: { x: floats([2, 3, 2, 2]) }, fn: ({ x }) => tf.reshape(x!, [6, -1]) },
  {
    name: 'to a scalar and back',
    inputs: { x: floats([1, 1]) },
    fn: ({ x }) => tf.reshape(tf.reshape(x!, []), [1, 1, 1]),
  },
  { name: 'squeezed', inputs: { x: floats([2, 1, 3]) }, fn: ({ x }) => tf.squeeze(x!, [1]) },
]);
