import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('Fill', [
  { name: 'a matrix', inputs: { x: floats([2, 3]) }, fn: ({ x }) => tf.add(x!, tf.fill([2, 3], 0.5)) },
  { name: 'an image', inputs: { x: floats([2, 3, 3, 2]) }, fn: ({ x }) => tf.mul(x!, tf.fill([2, 3, 3, 2], 0.5)) },
  {
    name: 'integers',
    inputs: { x: integers([2], [5, 6]) },
    fn: ({ x }) => tf.add(x!, tf.fill([2], 3, 'int32')),
    gradient: 'none',
  },
  {
    name: 'a large constant of one number',
    inputs: { x: floats([1, 4, 4, 2]) },
    fn: ({ x }) => tf.sub(x!, tf.ones([1, 4, 4, 2])),
  },
]);
