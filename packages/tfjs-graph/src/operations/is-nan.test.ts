import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { exactly } from '../testing/test-inputs.js';

describeOperation('IsNan', [
  {
    name: 'what is not finite',
    inputs: { x: exactly([5], [0, Infinity, -Infinity, NaN, 3]) },
    fn: ({ x }) => tf.isNaN(x!),
    gradient: 'none',
  },
]);
