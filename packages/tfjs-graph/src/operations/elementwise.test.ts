import tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { expectRightGradient, expectSameValue, floats } from '../testing/check-operation.js';

const positive = (shape: readonly number[]) => ({ ...floats(shape), data: floats(shape).data.map(Math.abs) as Float32Array });
const x = floats([2, 3]);

const smooth: [string, (x: Tensor) => Tensor][] = [
  ['Relu', tf.relu],
  ['Relu6', (a) => tf.relu6(tf.mul(a, 8))],
  ['Elu', tf.elu],
  ['Selu', tf.selu],
  ['LeakyRelu', (a) => tf.leakyRelu(a, 0.3)],
  ['Prelu', (a) => tf.prelu(a, tf.scalar(0.25))],
  ['Exp', tf.exp],
  ['Expm1', tf.expm1],
  ['Neg', tf.neg],
  ['Square', tf.square],
  ['Sigmoid', tf.sigmoid],
  ['Abs', tf.abs],
  ['Tanh', tf.tanh],
  ['Softplus', tf.softplus],
  ['Erf', tf.erf],
  ['Sin', tf.sin],
  ['Cos', tf.cos],
  ['Reciprocal', tf.reciprocal],
  ['ClipByValue', (a) => tf.clipByValue(a, -0.5, 0.5)],
];

describe('elementwise operations of one tensor', () => {
  it.each(smooth)('%s: value and gradient', async (_, fn) => {
    await expectSameValue((record) => ({ y: fn(record['x']!) }), { x });
    await expectRightGradient((record) => fn(record['x']!), { x });
  });

  it.each([
    ['Log', tf.log],
    ['Log1p', tf.log1p],
    ['Sqrt', tf.sqrt],
    ['Rsqrt', tf.rsqrt],
  ] as [string, (x: Tensor) => Tensor][])('%s: value and gradient on positive numbers', async (_, fn) => {
    await expectSameValue((record) => ({ y: fn(record['x']!) }), { x: positive([2, 3]) });
    await expectRightGradient((record) => fn(record['x']!), { x: positive([2, 3]) });
  });

  it.each([
    ['Sign', tf.sign],
    ['Floor', (a) => tf.floor(tf.mul(a, 5))],
    ['Ceil', (a) => tf.ceil(tf.mul(a, 5))],
    ['Round', (a) => tf.round(tf.mul(a, 5))],
    ['Step with alpha', (a) => tf.step(a, -1)],
    ['Step', (a) => tf.step(a)],
    ['LogicalNot', (a) => tf.cast(tf.logicalNot(tf.greater(a, 0)), 'float32')],
    ['Cast', (a) => tf.cast(tf.cast(tf.mul(a, 9), 'int32'), 'float32')],
    ['ZerosLike', tf.zerosLike],
    ['OnesLike', tf.onesLike],
  ] as [string, (x: Tensor) => Tensor][])('%s: value', async (_, fn) => {
    await expectSameValue((record) => ({ y: fn(record['x']!) }), { x });
  });
});

const shapes: [string, readonly number[], readonly number[]][] = [
  ['equal shapes', [2, 3], [2, 3]],
  ['a scalar', [2, 3], []],
  ['a vector over the last axis', [2, 2, 3, 4], [4]],
  ['ones in the middle', [2, 2, 3, 4], [2, 1, 1, 4]],
];

describe('elementwise operations of two tensors', () => {
  const pairs: [string, (a: Tensor, b: Tensor) => Tensor][] = [
    ['Add', tf.add],
    ['Sub', tf.sub],
    ['Multiply', tf.mul],
    ['RealDiv', tf.div],
  ];
  for (const [kernel, fn] of pairs) {
    it.each(shapes)(`${kernel}: value and gradient with %s`, async (_, a, b) => {
      const inputs = { a: floats(a), b: floats(b, 3) };
      await expectSameValue((record) => ({ y: fn(record['a']!, record['b']!) }), inputs);
      await expectRightGradient((record) => fn(record['a']!, record['b']!), inputs);
    });
  }

  // TensorFlow.js has no gradient of these for broadcast inputs.
  it.each([
    ['Maximum', tf.maximum],
    ['Minimum', tf.minimum],
    ['SquaredDifference', tf.squaredDifference],
  ] as [string, (a: Tensor, b: Tensor) => Tensor][])('%s: value with broadcasting, gradient without', async (_, fn) => {
    const broadcast = { a: floats([2, 2, 3, 4]), b: floats([4], 3) };
    await expectSameValue((record) => ({ y: fn(record['a']!, record['b']!) }), broadcast);
    await expectRightGradient((record) => fn(record['a']!, record['b']!), { a: floats([2, 3]), b: floats([2, 3], 3) });
  });

  it('Pow: value and gradient on positive numbers', async () => {
    const inputs = { a: positive([5]), b: floats([5], 3) };
    await expectSameValue(({ a, b }) => ({ y: tf.pow(a!, b!) }), inputs);
    await expectRightGradient(({ a, b }) => tf.pow(a!, b!), inputs);
  });

  it.each([
    ['Greater', tf.greater],
    ['GreaterEqual', tf.greaterEqual],
    ['Less', tf.less],
    ['LessEqual', tf.lessEqual],
    ['Equal', tf.equal],
    ['NotEqual', tf.notEqual],
  ] as [string, (a: Tensor, b: Tensor) => Tensor][])('%s: value, equal numbers among them', async (_, fn) => {
    const inputs = { a: { shape: [3], dtype: 'float32', data: Float32Array.of(1, 2, 3) }, b: { shape: [3], dtype: 'float32', data: Float32Array.of(1, 3, 2) } } as const;
    await expectSameValue((record) => ({ y: tf.cast(fn(record['a']!, record['b']!), 'int32') }), inputs);
  });

  it('AddN and Select: value and gradient', async () => {
    const mask = { shape: [2, 3], dtype: 'bool', data: Uint8Array.of(1, 0, 0, 1, 1, 0) } as const;
    const inputs = { a: floats([2, 3]), b: floats([2, 3], 3), mask };
    const fn = ({ a, b, mask: condition }: Record<string, Tensor>) => tf.where(condition!, tf.addN([a!, b!, a!]), b!);
    await expectSameValue((record) => ({ y: fn(record) }), inputs);
    await expectRightGradient(fn, inputs);
  });
});
