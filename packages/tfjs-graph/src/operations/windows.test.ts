import tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { runTraced } from '../testing/run-graph.js';
import { trace } from '../trace.js';
import { expectRightGradient, expectSameValue, floats } from '../testing/check-operation.js';

type Fn = (record: Record<string, Tensor>) => Tensor;

describe('Conv2D with both gradients', () => {
  const cases: [string, number[], number[], number, 'same' | 'valid' | number][] = [
    ['3×3 same', [2, 5, 6, 2], [3, 3, 2, 4], 1, 'same'],
    ['3×3 valid', [2, 5, 6, 2], [3, 3, 2, 4], 1, 'valid'],
    ['1×1', [2, 4, 4, 3], [1, 1, 3, 2], 1, 'same'],
    ['2×2 same (even kernel)', [1, 5, 5, 2], [2, 2, 2, 3], 1, 'same'],
    ['3×3 stride 2 same, odd size', [1, 7, 5, 2], [3, 3, 2, 3], 2, 'same'],
    ['3×3 stride 2 same, even size', [1, 8, 6, 2], [3, 3, 2, 3], 2, 'same'],
    ['3×3 stride 2 valid, last rows unseen', [1, 8, 8, 2], [3, 3, 2, 3], 2, 'valid'],
    ['explicit padding', [1, 5, 5, 1], [3, 3, 1, 2], 1, 1],
    ['one pixel, large kernel', [1, 1, 1, 2], [3, 3, 2, 2], 1, 'same'],
  ];
  it.each(cases)('%s', async (_, image, filter, stride, padding) => {
    const fn: Fn = ({ x, f }) => tf.conv2d(x as Tensor4D, f as Tensor4D, stride, padding);
    const inputs = { x: floats(image), f: floats(filter, 3) };
    await expectSameValue((record) => ({ y: fn(record) }), inputs);
    await expectRightGradient(fn, inputs);
  });

  it('dilated: value', async () => {
    await expectSameValue(({ x, f }) => ({ y: tf.conv2d(x as Tensor4D, f as Tensor4D, 1, 'same', 'NHWC', 2) }), { x: floats([1, 7, 7, 2]), f: floats([3, 3, 2, 2], 3) });
  });

  it('transposed: value and gradient', async () => {
    const fn: Fn = ({ x, f }) => tf.conv2dTranspose(x as Tensor4D, f as Tensor4D, [1, 8, 6, 2], 2, 'same');
    const inputs = { x: floats([1, 4, 3, 3]), f: floats([2, 2, 2, 3], 3) };
    await expectSameValue((record) => ({ y: fn(record) }), inputs);
    await expectRightGradient(fn, inputs);
  });
});

describe('pooling', () => {
  const cases: [string, number[], [number, number], number, 'same' | 'valid'][] = [
    ['2×2 tiles', [2, 4, 6, 3], [2, 2], 2, 'valid'],
    ['2×2 over an odd size', [1, 5, 5, 2], [2, 2], 2, 'valid'],
    ['3×3 overlapping, same', [2, 5, 4, 2], [3, 3], 1, 'same'],
    ['3×3 stride 2 same', [2, 6, 6, 2], [3, 3], 2, 'same'],
  ];
  it.each(cases)('MaxPool and its gradient: %s', async (_, image, size, stride, padding) => {
    const fn: Fn = ({ x }) => tf.maxPool(x as Tensor4D, size, stride, padding);
    await expectSameValue((record) => ({ y: fn(record) }), { x: floats(image) });
    await expectRightGradient(fn, { x: floats(image) });
  });

  it('MaxPool shares the gradient of a window between equal maxima', async () => {
    const x = { shape: [1, 2, 4, 1], dtype: 'float32', data: Float32Array.of(5, 5, 0, 0, 1, 2, 0, 0) } as const;
    const { d } = await runTraced(({ x: image }) => ({ d: tf.grad((a: Tensor) => tf.maxPool(a as Tensor4D, 2, 2, 'valid'))(image!) }), { x });
    expect(d!.data).toEqual([0.5, 0.5, 0.25, 0.25, 0, 0, 0.25, 0.25]);
  });

  it('MaxPool gives the gradient of overlapping windows to the first of equal maxima', async () => {
    const x = { shape: [1, 1, 3, 1], dtype: 'float32', data: Float32Array.of(4, 4, 4) } as const;
    const { d } = await runTraced(({ x: image }) => ({ d: tf.grad((a: Tensor) => tf.maxPool(a as Tensor4D, [1, 2], 1, 'valid'))(image!) }), { x });
    expect(d!.data).toEqual([1, 1, 0]);
  });

  it.each(cases)('AvgPool and its gradient: %s', async (_, image, size, stride, padding) => {
    const fn: Fn = ({ x }) => tf.avgPool(x as Tensor4D, size, stride, padding);
    await expectSameValue((record) => ({ y: fn(record) }), { x: floats(image) });
    await expectRightGradient(fn, { x: floats(image) });
  });
});

describe('ResizeNearestNeighbor', () => {
  it.each([
    [2, [2, 3, 4, 2]],
    [3, [1, 2, 2, 3]],
  ])('grows by %i and sums its gradient, also with several images', async (factor, shape) => {
    const fn: Fn = ({ x }) => tf.image.resizeNearestNeighbor(x as Tensor4D, [shape[1]! * factor, shape[2]! * factor]);
    await expectSameValue((record) => ({ y: fn(record) }), { x: floats(shape) });
    await expectRightGradient(fn, { x: floats(shape) });
  });

  it('refuses a factor that is not whole, by name', () => {
    const resize = () => trace(({ x }) => ({ y: tf.image.resizeNearestNeighbor(x as Tensor4D, [5, 5]) }), { x: floats([1, 2, 2, 1]) });
    expect(resize).toThrow(expect.objectContaining({ code: 'OPERATION_UNSUPPORTED' }));
  });
});
