import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { booleans } from '../testing/test-inputs.js';

describeOperation('LogicalAnd', [
  {
    name: 'all pairs',
    inputs: { a: booleans([4], [0, 0, 1, 1]), b: booleans([4], [0, 1, 0, 1]) },
    fn: ({ a, b }) => tf.logicalAnd(a!, b!),
    gradient: 'none',
  },
]);
