import * as tf from '@tensorflow/tfjs';
import { describeOperation, type OperationCase } from '../testing/check-operation.js';
import { reductionCases } from '../testing/reduction-cases.js';

describeOperation(
  'Prod',
  reductionCases(tf.prod).map((one): OperationCase => ({ ...one, gradient: 'none' })),
);
