import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

describeOperation('Concat', [
  ...[0, 1, 2, -1].map((axis) => ({
    name: `images along axis ${axis}`,
    inputs: { a: floats([2, 2, 1, 3]), b: floats([2, 2, 1, 3], 2) },
    fn: ({ a, b }: Record<string, Tensor>) => tf.concat([a!, tf.square(b!), a!], axis),
  })),
  {
    name: 'different lengths',
    inputs: { a: floats([2, 1]), b: floats([2, 3]) },
    fn: ({ a, b }) => tf.concat([a!, b!], 1),
  },
  {
    name: 'channels first with channels last',
    inputs: { a: floats([2, 2, 1, 3]), filter: floats([2, 2, 1, 2], 2) },
    fn: ({ a, filter }) => tf.concat([a!, filter!], 3),
  },
]);
