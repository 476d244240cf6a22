import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { lookUp, mean, resize, standardise, voteCount, votedClass, votePattern } from './inference.js';
import { expectSameValue } from './testing/check-operation.js';
import { floats } from './testing/test-inputs.js';
import { runTraced, type TestInput } from './testing/run-graph.js';

const image = (shape: readonly number[], data: readonly number[]): TestInput => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from(data),
});

describe('resize()', () => {
  it.each([
    ['one channel, smaller', [2, 9, 7, 1], { height: 4, width: 5 }],
    ['three channels, larger and smaller', [2, 4, 9, 3], { height: 7, width: 5 }],
    ['height only', [1, 4, 5, 2], { height: 8, width: 5 }],
    ['width only', [1, 4, 5, 2], { height: 4, width: 3 }],
    ['the same size', [1, 4, 5, 2], { height: 4, width: 5 }],
  ] as const)('runs as TensorFlow.js computes it: %s', async (_, shape, size) => {
    await expectSameValue(({ x }) => ({ y: resize(x as Tensor4D, size) }), { x: floats(shape) });
  });

  it('keeps channels apart and takes means where it halves', async () => {
    const x = image([1, 1, 4, 2], [0, 10, 0, 10, 8, 30, 8, 30]);
    const { y } = await runTraced((record) => ({ y: resize(record['x'] as Tensor4D, { height: 1, width: 2 }) }), { x });
    expect(y!.shape).toEqual([1, 1, 2, 2]);
    // Triangle of reach 2 around each half: weights 3/7, 3/7, 1/7 of the three pixels in reach.
    [8 / 7, 90 / 7, 48 / 7, 190 / 7].forEach((value, i) => expect(y!.data[i]).toBeCloseTo(value, 4));
  });
});

describe('standardise()', () => {
  it('gives each channel of each image mean 0 and deviation 1', async () => {
    const x = image([2, 1, 2, 2], [1, 100, 3, 300, -5, 7, -1, 9]);
    const { y } = await runTraced((record) => ({ y: standardise(record['x'] as Tensor4D) }), { x });
    [-1, -1, 1, 1, -1, -1, 1, 1].forEach((value, i) => expect(y!.data[i]).toBeCloseTo(value, 4));
  });

  it('gives zeros for an image of one colour', async () => {
    const { y } = await runTraced((record) => ({ y: standardise(record['x'] as Tensor4D) }), {
      x: image([1, 2, 2, 1], [7, 7, 7, 7]),
    });
    expect(y!.data).toEqual([0, 0, 0, 0]);
  });
});

describe('votes', () => {
  const scores = (rows: readonly number[]): TestInput => image([1, 1, 2, 3], rows);
  const members = {
    a: scores([0.1, 0.7, 0.2, 0.4, 0.4, 0.2]),
    b: scores([0, 1, 0, 0, 0, 1]),
    c: scores([1, 0, 0, 0, 1, 0]),
  };
  const fn = (record: Record<string, Tensor>) => {
    const votes = ['a', 'b', 'c'].map((name) => votedClass(record[name]!));
    const pattern = votePattern(votes, 1);
    return {
      vote: votes[0]!,
      pattern,
      count: voteCount(votes, 1),
      probability: lookUp(tf.tensor1d([0, 0.1, 0.2, 0.9, 0.3]) as Tensor1D, pattern),
    };
  };

  it('sets bit i where member i votes for the class, lower class first on a tie', async () => {
    const { vote, pattern, count, probability } = await runTraced(fn, members);
    expect(vote!.data).toEqual([1, 0]);
    expect(pattern!.data).toEqual([0b011, 0b100]);
    expect(count!.data).toEqual([2, 1]);
    [0.9, 0.3].forEach((value, i) => expect(probability!.data[i]).toBeCloseTo(value, 6));
  });

  it('agrees with TensorFlow.js', async () => {
    await expectSameValue(fn, members);
  });

  it('refuses more members than a pattern has bits', () => {
    expect(() =>
      votePattern(
        Array.from({ length: 32 }, () => tf.scalar(0, 'int32')),
        1,
      ),
    ).toThrow(RangeError);
  });
});

describe('mean()', () => {
  it('averages members', async () => {
    const { y } = await runTraced(({ a, b }) => ({ y: mean([a!, b!]) }), {
      a: image([2], [0, 1]),
      b: image([2], [1, 2]),
    });
    expect(y!.data).toEqual([0.5, 1.5]);
  });
});
