import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { poolingCases } from '../testing/pooling-cases.js';

describeOperation(
  'MaxPool',
  poolingCases(({ x, size, stride, padding }) => tf.maxPool(x, size, stride, padding)).map((one) => ({
    ...one,
    gradient: 'none' as const,
  })),
);
