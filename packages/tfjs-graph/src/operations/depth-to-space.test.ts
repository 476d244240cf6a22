import * as tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('DepthToSpace', [
  {
    name: 'blocks of two',
    inputs: { x: floats([2, 2, 3, 8]) },
    fn: ({ x }) => tf.depthToSpace(x as Tensor4D, 2, 'NHWC'),
    gradient: 'none',
  },
]);
