import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { booleans } from '../testing/test-inputs.js';

describeOperation('Any', [
  { name: 'rows', inputs: { x: booleans([3, 2], [0, 0, 0, 1, 1, 1]) }, fn: ({ x }) => tf.any(x!, 1), gradient: 'none' },
  {
    name: 'everything',
    inputs: { x: booleans([3, 2], [0, 0, 0, 1, 1, 1]) },
    fn: ({ x }) => tf.any(x!),
    gradient: 'none',
  },
]);
