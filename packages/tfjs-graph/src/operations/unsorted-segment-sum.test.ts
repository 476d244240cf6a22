import * as tf from '@tensorflow/tfjs';
import type { Tensor1D } from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('UnsortedSegmentSum', [
  {
    name: 'rows, one segment empty',
    inputs: { x: floats([4, 2]), s: integers([4], [2, 0, 2, 0]) },
    fn: ({ x, s }) => tf.unsortedSegmentSum(x!, s as Tensor1D, 3),
    gradient: 'none',
  },
  {
    name: 'as the gradient of a look-up',
    inputs: { x: floats([3, 2]), s: integers([4], [2, 0, 2, 0]) },
    fn: ({ x, s }) => tf.square(tf.gather(x!, s as Tensor1D)),
  },
]);
