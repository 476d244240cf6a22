import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { convolutionCases } from '../testing/convolution-cases.js';

// Fewer filters than channels and more: the shifts are laid out differently.
describeOperation(
  'Conv2DBackpropFilter',
  convolutionCases(({ x, filter, stride, padding }) => tf.conv2d(x, filter, stride, padding), [1, 3]).map((one) => ({
    ...one,
    value: 'none' as const,
  })),
);
