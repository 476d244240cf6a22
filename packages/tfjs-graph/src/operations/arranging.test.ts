import tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectRightGradient, expectSameValue, floats } from '../testing/check-operation.js';
import { runTraced } from '../testing/run-graph.js';

type Fn = (record: Record<string, Tensor>) => Tensor;

/** The same operation on a tensor that comes out of a convolution, where channels lie second. */
const afterConvolution = (fn: (x: Tensor) => Tensor): Fn => ({ x, f }) => fn(tf.conv2d(x as Tensor4D, f as Tensor4D, 1, 'same'));
const image = { x: floats([2, 3, 5, 2]), f: floats([1, 1, 2, 4], 5) };

async function check(fn: (x: Tensor) => Tensor): Promise<void> {
  const plain: Fn = ({ x }) => fn(x!);
  await expectSameValue((record) => ({ y: plain(record) }), { x: floats([2, 3, 5, 4]) });
  await expectRightGradient(plain, { x: floats([2, 3, 5, 4]) });
  await expectSameValue((record) => ({ y: afterConvolution(fn)(record) }), image);
  await expectRightGradient(afterConvolution(fn), image);
}

describe('reductions', () => {
  const axes: [string, number | number[] | undefined, boolean][] = [
    ['everything', undefined, false],
    ['height and width, kept', [1, 2], true],
    ['height and width', [1, 2], false],
    ['channels', -1, false],
    ['channels, kept', 3, true],
    ['batch, height and width', [0, 1, 2], false],
  ];
  for (const [kernel, fn] of [
    ['Sum', tf.sum],
    ['Mean', tf.mean],
    ['Max', tf.max],
    ['Min', tf.min],
  ] as const) {
    it.each(axes)(`${kernel} over %s`, async (_, axis, keep) => {
      await check((x) => fn(x, axis, keep));
    });
  }

  it('Prod: value', async () => {
    await expectSameValue(({ x }) => ({ y: tf.prod(x!, 1) }), { x: floats([2, 3]) });
  });

  it.each([0, 1, -1])('ArgMax and ArgMin along axis %i', async (axis) => {
    await expectSameValue(({ x }) => ({ a: tf.argMax(x!, axis), b: tf.argMin(x!, axis) }), { x: floats([3, 4]) });
  });

  it('ArgMax takes the first of equal elements', async () => {
    const { y } = await runTraced(({ x }) => ({ y: tf.argMax(x!, 0) }), { x: { shape: [3], dtype: 'float32', data: Float32Array.of(1, 2, 2) } });
    expect(y!.data).toEqual([1]);
  });
});

describe('arranging', () => {
  it.each([
    ['Reshape', (x: Tensor) => tf.reshape(x, [6, -1])],
    ['ExpandDims and squeeze', (x: Tensor) => tf.squeeze(tf.expandDims(x, 1), [1])],
    ['Transpose', (x: Tensor) => tf.transpose(x, [0, 2, 3, 1])],
    ['Transpose to channels first', (x: Tensor) => tf.transpose(x, [0, 3, 1, 2])],
    ['Concat over channels', (x: Tensor) => tf.concat([x, tf.square(x)], 3)],
    ['Concat over height', (x: Tensor) => tf.concat([x, x], 1)],
    ['Pack', (x: Tensor) => tf.stack([x, tf.neg(x)], 1)],
    ['Slice', (x: Tensor) => tf.slice(x, [0, 1, 2, 1], [2, 2, -1, 2])],
    ['Slice of nothing less than all', (x: Tensor) => tf.slice(x, [0, 0, 0, 0])],
    ['SplitV', (x: Tensor) => tf.mul(tf.split(x, [1, 3], 3)[1]!, 2)],
    ['PadV2', (x: Tensor) => tf.pad(x, [[0, 0], [1, 2], [0, 3], [0, 0]], 0.5)],
    ['Tile', (x: Tensor) => tf.tile(x, [1, 2, 1, 3])],
    ['Softmax', (x: Tensor) => tf.softmax(x)],
    ['LogSoftmax', (x: Tensor) => tf.logSoftmax(x)],
  ])('%s: value and gradient, plain and after a convolution', async (_, fn) => {
    await check(fn);
  });

  it('Fill and OneHot: value', async () => {
    await expectSameValue(({ i }) => ({ a: tf.add(tf.fill([2, 3], 0.5), tf.oneHot(i!, 3, 0.9, 0.1, 'float32')) }), { i: { shape: [2], dtype: 'int32', data: Int32Array.of(2, 0) } });
  });

  it('GatherV2: rows of a table', async () => {
    const indices = { shape: [2, 2], dtype: 'int32', data: Int32Array.of(3, 0, 1, 1) } as const;
    await expectSameValue(({ x, i }) => ({ y: tf.gather(x!, i as never) }), { x: floats([4, 3]), i: indices });
  });

  it('softmax stays finite where numbers differ hugely', async () => {
    const { y } = await runTraced(({ x }) => ({ y: tf.softmax(x!) }), { x: { shape: [1, 3], dtype: 'float32', data: Float32Array.of(-1e30, 0, 1e4) } });
    expect(y!.data).toEqual([0, 0, 1]);
  });

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('BatchMatMul with transposes %s, %s', async (ta, tb) => {
    const inputs = { a: floats(ta ? [2, 4, 3] : [2, 3, 4]), b: floats(tb ? [2, 5, 4] : [2, 4, 5], 3) };
    const fn: Fn = ({ a, b }) => tf.matMul(a!, b!, ta, tb);
    await expectSameValue((record) => ({ y: fn(record) }), inputs);
    await expectRightGradient(fn, inputs);
  });
});
