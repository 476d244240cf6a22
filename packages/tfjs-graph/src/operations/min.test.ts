import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { reductionCases } from '../testing/reduction-cases.js';

describeOperation('Min', reductionCases(tf.min));
