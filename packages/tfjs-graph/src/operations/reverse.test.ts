import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('Reverse', [
  { name: 'a vector', inputs: { x: floats([5]) }, fn: ({ x }) => tf.reverse(x!) },
  { name: 'rows and channels of an image', inputs: { x: floats([2, 3, 2, 3]) }, fn: ({ x }) => tf.reverse(x!, [1, 3]) },
]);
