import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('Range', [
  { name: 'upwards', inputs: { x: floats([4]) }, fn: ({ x }) => tf.add(x!, tf.range(1, 3, 0.5)) },
  {
    name: 'downwards, integers',
    inputs: { x: integers([3], [1, 2, 3]) },
    fn: ({ x }) => tf.mul(x!, tf.range(5, -1, -2, 'int32')),
    gradient: 'none',
  },
]);
