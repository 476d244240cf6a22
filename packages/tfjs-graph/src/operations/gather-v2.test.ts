import * as tf from '@tensorflow/tfjs';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { describeOperation } from '../testing/check-operation.js';
import { floats, integers } from '../testing/test-inputs.js';
import { trace } from '../trace.js';

const indices = integers([3], [3, 0, 3]);

describeOperation('GatherV2', [
  {
    name: 'rows, one of them twice',
    inputs: { x: floats([4, 2]), indices },
    fn: ({ x, indices: i }) => tf.gather(x!, i as Tensor1D),
  },
  {
    name: 'columns',
    inputs: { x: floats([2, 4]), indices },
    fn: ({ x, indices: i }) => tf.gather(x!, i as Tensor1D, 1),
  },
  {
    name: 'a table by a map of indices',
    inputs: { x: floats([4]), indices: integers([2, 2], [3, 0, 1, 1]) },
    fn: ({ x, indices: i }) => tf.gather(x!, i as Tensor2D),
  },
  {
    name: 'channels of an image',
    inputs: { x: floats([1, 2, 1, 4]), indices },
    fn: ({ x, indices: i }) => tf.gather(x!, i as Tensor1D, 3),
  },
]);

describe('GatherV2', () => {
  it('refuses batch dimensions by name, with the line that asked for them', () => {
    const inputs = { x: { shape: [2, 4], dtype: 'float32' }, i: { shape: [2, 1], dtype: 'int32' } } as const;
    const message = expect.stringMatching(/"GatherV2" with batchDims.*gather-v2\.test\.ts:\d+/);
    expect(() => trace(({ x, i }) => ({ y: tf.gather(x!, i as Tensor2D, 1, 1) }), inputs)).toThrow(
      expect.objectContaining({ code: 'OPERATION_UNSUPPORTED', message }),
    );
  });
});
