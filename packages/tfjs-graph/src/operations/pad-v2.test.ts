import * as tf from '@tensorflow/tfjs';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';

describeOperation('PadV2', [
  {
    name: 'an image, every axis its own',
    inputs: { x: floats([1, 2, 3, 2]) },
    fn: ({ x }) =>
      tf.pad(
        x!,
        [
          [0, 1],
          [1, 2],
          [0, 3],
          [2, 0],
        ],
        0.5,
      ),
  },
  { name: 'integers', inputs: { x: integers([2], [3, 4]) }, fn: ({ x }) => tf.pad(x!, [[1, 2]], 7), gradient: 'none' },
]);
