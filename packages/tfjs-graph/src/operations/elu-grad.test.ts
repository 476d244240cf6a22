import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('EluGrad', [
  { name: 'numbers of both signs', inputs: { x: floats([3, 4]) }, fn: ({ x }) => tf.elu(x!) },
]);
