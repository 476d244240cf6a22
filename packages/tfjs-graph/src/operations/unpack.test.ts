import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('Unpack', [
  {
    name: 'rows',
    inputs: { x: floats([2, 3]) },
    fn: ({ x }) => tf.sub(tf.unstack(x!)[1]!, tf.square(tf.unstack(x!)[0]!)),
  },
  {
    name: 'channels of an image',
    inputs: { x: floats([1, 2, 3, 2]) },
    fn: ({ x }) => tf.mul(tf.unstack(x!, 3)[1]!, tf.unstack(x!, 3)[0]!),
  },
]);
