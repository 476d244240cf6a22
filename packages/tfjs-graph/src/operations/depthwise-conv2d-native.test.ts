import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { convolutionCases } from '../testing/convolution-cases.js';

describeOperation(
  'DepthwiseConv2dNative',
  convolutionCases(
    ({ x, filter, stride, padding }) => tf.depthwiseConv2d(x, filter, stride, padding as 'same'),
    [1, 2],
  ).map((one) => ({ ...one, gradient: 'none' as const })),
);
