import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('Identity', [{ name: 'an image', inputs: { x: floats([1, 2, 2, 2]) }, fn: ({ x }) => tf.clone(x!) }]);
