import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { booleans } from '../testing/test-inputs.js';

describeOperation('LogicalNot', [
  {
    name: 'both truth values',
    inputs: { x: booleans([4], [0, 1, 1, 0]) },
    fn: ({ x }) => tf.logicalNot(x!),
    gradient: 'none',
  },
]);
