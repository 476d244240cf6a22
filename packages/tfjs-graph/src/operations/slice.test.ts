import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('Slice', [
  {
    name: 'a part of an image',
    inputs: { x: floats([2, 3, 4, 3]) },
    fn: ({ x }) => tf.slice(x!, [0, 1, 2, 1], [2, 2, -1, 2]),
  },
  { name: 'nothing less than all', inputs: { x: floats([1, 2, 2, 2]) }, fn: ({ x }) => tf.slice(x!, [0, 0, 0, 0]) },
  { name: 'a part of a vector', inputs: { x: floats([5]) }, fn: ({ x }) => tf.slice(x!, [1], [3]) },
]);
