import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('LinSpace', [
  { name: 'coordinates', inputs: { x: floats([5]) }, fn: ({ x }) => tf.mul(x!, tf.linspace(-1, 1, 5)) },
  { name: 'a single one', inputs: { x: floats([1]) }, fn: ({ x }) => tf.mul(x!, tf.linspace(3, 9, 1)) },
]);
