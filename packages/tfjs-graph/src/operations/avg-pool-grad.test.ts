import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { poolingCases } from '../testing/pooling-cases.js';

// Finite differences decide: the CPU backend's own gradient is wrong where padding is `same`.
describeOperation(
  'AvgPoolGrad',
  poolingCases(({ x, size, stride, padding }) => tf.avgPool(x, size, stride, padding)),
);
