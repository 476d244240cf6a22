import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly, floats } from '../testing/test-inputs.js';

describeOperation('Prelu', [
  {
    name: 'one slope',
    inputs: { x: floats([3, 4]), alpha: exactly([], [0.25]) },
    fn: ({ x, alpha }) => tf.prelu(x!, alpha!),
  },
  {
    name: 'a slope per channel',
    inputs: { x: floats([1, 2, 2, 3]), alpha: floats([3], 2) },
    fn: ({ x, alpha }) => tf.prelu(x!, alpha!),
  },
]);
