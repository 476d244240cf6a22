import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { poolingCases } from '../testing/pooling-cases.js';

describeOperation(
  'AvgPool',
  poolingCases(({ x, size, stride, padding }) => tf.avgPool(x, size, stride, padding)).map((one) => ({
    ...one,
    gradient: 'none' as const,
  })),
);
