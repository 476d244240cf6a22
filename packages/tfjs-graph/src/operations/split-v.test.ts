import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

const product = (parts: Tensor[]): Tensor => tf.mul(parts[0]!, parts[1]!);

describeOperation('SplitV', [
  { name: 'equal parts of a vector', inputs: { x: floats([6]) }, fn: ({ x }) => product(tf.split(x!, 3)) },
  {
    name: 'given sizes, one left open',
    inputs: { x: floats([5, 2]) },
    fn: ({ x }) => tf.concat([tf.square(tf.split(x!, [1, -1, 2])[1]!), tf.split(x!, [1, -1, 2])[2]!]),
  },
  { name: 'channels of an image', inputs: { x: floats([1, 2, 3, 4]) }, fn: ({ x }) => product(tf.split(x!, 2, 3)) },
  { name: 'rows of an image', inputs: { x: floats([1, 4, 2, 2]) }, fn: ({ x }) => product(tf.split(x!, 2, 1)) },
]);
