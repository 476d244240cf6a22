import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation(
  'ExpandDims',
  [0, 1, -1].map((axis) => ({
    name: `at ${axis}`,
    inputs: { x: floats([2, 3]) },
    fn: ({ x }: Record<string, Tensor>) => tf.expandDims(x!, axis),
  })),
);
