import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats } from '../testing/test-inputs.js';

const transposes: readonly (readonly [boolean, boolean])[] = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];

// TensorFlow.js has no gradient where a batch axis is broadcast.
describeOperation('BatchMatMul', [
  ...transposes.map(([ofA, ofB]) => ({
    name: `transposes ${ofA}, ${ofB}`,
    inputs: { a: floats(ofA ? [2, 4, 3] : [2, 3, 4]), b: floats(ofB ? [2, 2, 4] : [2, 4, 2], 3) },
    fn: ({ a, b }: Record<string, Tensor>) => tf.matMul(a!, b!, ofA, ofB),
  })),
  {
    name: 'one matrix against several',
    inputs: { a: floats([1, 2, 3]), b: floats([2, 3, 2], 3) },
    fn: ({ a, b }) => tf.matMul(a!, b!),
    gradient: 'none',
  },
  {
    name: 'two plain matrices',
    inputs: { a: floats([2, 3]), b: floats([3, 2], 3) },
    fn: ({ a, b }) => tf.matMul(a!, b!),
  },
]);
