import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { describeOperation } from '../testing/check-operation.js';
import { runTraced } from '../testing/run-graph.js';
import { exactly, floats } from '../testing/test-inputs.js';

describeOperation('ArgMin', [
  ...[0, 1, -1].map((axis) => ({
    name: `axis ${axis} of a matrix`,
    inputs: { x: floats([3, 4]) },
    fn: ({ x }: Record<string, tf.Tensor>) => tf.argMin(x!, axis),
    gradient: 'none' as const,
  })),
  {
    name: 'channels of an image',
    inputs: { x: floats([2, 3, 2, 4]) },
    fn: ({ x }) => tf.argMin(x!, 3),
    gradient: 'none',
  },
  { name: 'rows of an image', inputs: { x: floats([2, 3, 2, 4]) }, fn: ({ x }) => tf.argMin(x!, 1), gradient: 'none' },
]);

describe('ArgMin', () => {
  it('takes the first of equal elements', async () => {
    const { y } = await runTraced(({ x }) => ({ y: tf.argMin(x!, 0) }), { x: exactly([4], [1, 2, 2, 1]) });
    expect(y!.data).toEqual([0]);
  });
});
