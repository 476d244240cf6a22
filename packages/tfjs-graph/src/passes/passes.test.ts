import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../graph.js';
import { expectSameNumbers } from '../testing/expect-same-numbers.js';
import type { TestInputs } from '../testing/run-graph.js';
import { floats } from '../testing/test-inputs.js';
import { withGradients } from '../testing/with-gradients.js';
import { trace, type TensorRecord } from '../trace.js';
import { accumulateConvolutions } from './accumulate-convolutions.js';
import { fuseChannelAffine } from './channel-affine.js';
import { fuseChannelDot } from './channel-dot.js';
import { distributeConcat, dividesBy } from './distribute-concat.js';
import { fuseReluGrad } from './fuse-relu-grad.js';
import { growAfterwards } from './grow-afterwards.js';
import { removeIdentities } from './remove-identities.js';

type Fn = (record: TensorRecord) => Tensor;

const conv = (x: Tensor, f: Tensor): Tensor4D => tf.conv2d(x as Tensor4D, f as Tensor4D, 1, 'same');
const double = (x: Tensor): Tensor4D =>
  tf.image.resizeNearestNeighbor(x as Tensor4D, [2 * x.shape[1]!, 2 * x.shape[2]!]);
const count = ({ nodes }: Graph, operation: string): number =>
  nodes.filter((node) => node.operation === operation).length;

/** Traces a function with its gradients, runs a pass over it, and compares what both compute by standard operators. */
async function passed(pass: (graph: Graph) => Graph, fn: Fn, inputs: TestInputs): Promise<Graph> {
  const graph = removeIdentities(trace(withGradients(fn, inputs), inputs));
  const rewritten = pass(graph);
  await expectSameNumbers(graph, { graph: rewritten, inputs });
  return rewritten;
}

const x = floats([2, 4, 6, 2]);
const perChannel = floats([2], 2);
const perImage = floats([2, 1, 1, 2], 3);

describe('removeIdentities()', () => {
  it('leaves the outputs their names and drops the rest', async () => {
    const inputs = { x };
    const graph = trace(
      withGradients(({ x: image }) => tf.square(tf.relu(image!)), inputs),
      inputs,
    );
    const rewritten = removeIdentities(graph);
    await expectSameNumbers(graph, { graph: rewritten, inputs });
    expect(count(graph, 'Identity')).toBeGreaterThan(2);
    expect(count(rewritten, 'Identity')).toBe(2);
  });
});

describe('shareNodes()', () => {
  it('computes once what is said twice, and keeps apart what differs by an attribute alone', async () => {
    const inputs = { x };
    const graph = trace(
      ({ x: a }) => ({ twice: tf.add(tf.exp(a!), tf.exp(a!)), sum: tf.sum(a!, 1), other: tf.sum(a!, 2) }),
      inputs,
    );
    expect(count(graph, 'Exp')).toBe(1);
    expect(count(graph, 'Sum')).toBe(2);
  });

  it('tells numbers apart for which JSON has one word', () => {
    const graph = trace(
      ({ x: a }) => ({ p: tf.add(a!, tf.fill([40], Infinity)), n: tf.add(a!, tf.fill([40], -Infinity)) }),
      {
        x: { shape: [40], dtype: 'float32' },
      },
    );
    expect(count(graph, 'Fill')).toBe(2);
  });
});

describe('fuseChannelAffine()', () => {
  it.each<[string, Fn, TestInputs?]>([
    ['a product', ({ x: a, c }) => tf.mul(a!, c!), { x, c: perChannel }],
    ['a sum in front, with ReLU', ({ x: a, c }) => tf.relu(tf.add(c!, a!)), { x, c: perChannel }],
    ['a difference the other way about', ({ x: a, c }) => tf.sub(c!, tf.mul(a!, c!)), { x, c: perChannel }],
    ['normalisation', ({ x: a, c, n }) => tf.relu(tf.add(tf.mul(tf.sub(a!, n!), tf.mul(n!, c!)), c!))],
    ['two images', ({ x: a, c, n }) => tf.mul(n!, tf.sub(tf.sub(tf.square(a!), c!), tf.mul(a!, n!)))],
    [
      'a chain that is read twice',
      ({ x: a, c }) => tf.mul(tf.mul(a!, c!), tf.sigmoid(tf.mul(a!, c!))),
      { x, c: perChannel },
    ],
  ])('keeps the numbers of %s', async (_, fn, inputs = { x, c: perChannel, n: perImage }) => {
    expect(count(await passed(fuseChannelAffine, fn, inputs), 'ChannelAffine')).toBeGreaterThan(0);
  });

  it('leaves alone what has no number a channel, and images of one pixel', async () => {
    const plain = await passed(fuseChannelAffine, ({ x: a }) => tf.add(a!, tf.relu(a!)), { x });
    expect(count(plain, 'ChannelAffine')).toBe(0);
    const pixel = { x: floats([2, 1, 1, 2]), c: perChannel };
    expect(count(await passed(fuseChannelAffine, ({ x: a, c }) => tf.mul(a!, c!), pixel), 'ChannelAffine')).toBe(0);
  });
});

describe('fuseChannelDot()', () => {
  it.each<[string, Fn]>([
    ['the mean of a square', ({ x: a }) => tf.mean(tf.square(a!), [1, 2], true)],
    ['the sum of a product', ({ x: a }) => tf.sum(tf.mul(a!, tf.sigmoid(a!)), [1, 2])],
  ])('keeps the numbers of %s', async (_, fn) => {
    expect(count(await passed(fuseChannelDot, fn, { x }), 'ChannelDot')).toBeGreaterThan(0);
  });

  it('leaves a product alone that is read otherwise', async () => {
    const fn: Fn = ({ x: a }) => {
      const square = tf.square(a!);
      return tf.add(square, tf.mean(square, [1, 2], true));
    };
    expect(count(await passed(fuseChannelDot, fn, { x }), 'ChannelDot')).toBe(0);
  });
});

const f = floats([3, 3, 4, 2], 5);

describe('distributeConcat()', () => {
  it('keeps value and gradients of a convolution of joined channels', async () => {
    const fn: Fn = ({ x: a, f: filter }) => conv(tf.concat([tf.square(a!) as Tensor4D, a as Tensor4D], 3), filter!);
    const rewritten = await passed((graph) => distributeConcat(graph, dividesBy(2)), fn, { x, f });
    expect(count(rewritten, 'Conv2D')).toBe(2);
    expect(count(rewritten, 'Conv2DBackpropFilter')).toBe(2);
    expect(count(rewritten, 'SplitV')).toBe(0);
  });

  it('leaves parts alone that do not fill blocks, and other axes', async () => {
    const parts: Fn = ({ x: a, f: filter }) => conv(tf.concat([a as Tensor4D, a as Tensor4D], 3), filter!);
    const joined = await passed((graph) => distributeConcat(graph, dividesBy(4)), parts, { x, f });
    expect(count(joined, 'Conv2D')).toBe(1);
    expect(count(joined, 'Conv2DBackpropInput')).toBe(1);
    const rows: Fn = ({ x: a, g }) => conv(tf.concat([a as Tensor4D, a as Tensor4D], 1), g!);
    const inputs = { x, g: floats([3, 3, 2, 2], 5) };
    expect(count(await passed((graph) => distributeConcat(graph, dividesBy(2)), rows, inputs), 'Conv2D')).toBe(1);
  });
});

describe.each(['phases', 'squares'] as const)('growAfterwards() by %s', (form) => {
  const inputs = { x: floats([2, 3, 4, 2]), f: floats([3, 3, 2, 4], 5) };

  it('keeps value and gradients of a convolution of a grown image', async () => {
    const rewritten = await passed(
      (graph) => growAfterwards(graph, { divisor: 2, form }),
      ({ x: a, f: g }) => conv(double(a!), g!),
      inputs,
    );
    expect(count(rewritten, 'ResizeNearestNeighbor')).toBe(0);
    expect(count(rewritten, 'ResizeNearestNeighborGrad')).toBe(0);
    expect(count(rewritten, 'Conv2D')).toBe(form === 'phases' ? 4 : 1);
  });

  it('takes the parts of a joined image that are grown', async () => {
    const fn: Fn = ({ x: a, y, f: filter }) => conv(tf.concat([double(a!), y as Tensor4D], 3), filter!);
    const both = (graph: Graph) => growAfterwards(distributeConcat(graph, dividesBy(2)), { divisor: 2, form });
    const rewritten = await passed(both, fn, { x: floats([1, 2, 3, 2]), y: floats([1, 4, 6, 2], 4), f });
    expect(count(rewritten, 'ResizeNearestNeighbor')).toBe(0);
    expect(count(rewritten, 'Conv2D')).toBe(form === 'phases' ? 5 : 2);
  });

  it.each<[string, Fn]>([
    ['a filter of one tap', ({ x: a, f: g }) => conv(double(a!), tf.slice(g!, [0, 0, 0, 0], [1, 1, 2, 4]))],
    ['another factor', ({ x: a, f: g }) => conv(tf.image.resizeNearestNeighbor(a as Tensor4D, [9, 12]), g!)],
    ['stride 2', ({ x: a, f: g }) => tf.conv2d(double(a!), g as Tensor4D, 2, 'same')],
  ])('leaves %s alone', async (_, fn) => {
    const rewritten = await passed((graph) => growAfterwards(graph, { divisor: 2, form }), fn, inputs);
    expect(count(rewritten, 'ResizeNearestNeighbor')).toBeGreaterThan(0);
    expect(count(rewritten, 'Conv2D')).toBe(1);
  });

  it('keeps a grown image that is read otherwise', async () => {
    const fn: Fn = ({ x: a, f: g }) => tf.mul(tf.sum(conv(double(a!), g!), 3, true), double(a!));
    await passed((graph) => growAfterwards(graph, { divisor: 2, form }), fn, inputs);
  });
});

describe('accumulateConvolutions()', () => {
  const inputs = { x, f: floats([3, 3, 2, 2], 5) };

  it.each<[string, Fn, number]>([
    ['two convolutions', ({ x: a, f: g }) => tf.add(conv(a!, g!), conv(tf.square(a!), g!)), 1],
    ['a convolution and an image', ({ x: a, f: g }) => tf.add(tf.sigmoid(a!), conv(a!, g!)), 1],
    ['many', ({ x: a, f: g }) => tf.addN([tf.exp(a!), conv(a!, g!), tf.square(a!), conv(tf.square(a!), g!)]), 2],
    ['one among others', ({ x: a, f: g }) => tf.addN([tf.exp(a!), conv(a!, g!), tf.square(a!)]), 1],
    ['one behind the other', ({ x: a, f: g }) => tf.add(conv(conv(a!, g!), g!), a!), 1],
  ])('keeps value and gradients of %s', async (_, fn, least) => {
    const rewritten = await passed(accumulateConvolutions, fn, inputs);
    expect(count(rewritten, 'AccumulatedConvolution')).toBeGreaterThanOrEqual(least);
  });

  it('leaves a convolution alone that is read otherwise, or whose sum repeats it', async () => {
    const read: Fn = ({ x: a, f: g }) => {
      const y = conv(a!, g!);
      return tf.mul(tf.add(y, a!), y);
    };
    const value = await passed(accumulateConvolutions, read, inputs);
    expect(value.nodes.filter(({ operation }) => operation === 'Conv2D').length).toBeGreaterThan(0);
    await passed(accumulateConvolutions, ({ x: a, f: g }) => tf.add(conv(a!, g!), tf.ones([1, 1, 1, 2])), inputs);
  });
});

describe('fuseReluGrad()', () => {
  const fused = (fn: Fn) =>
    fuseReluGrad(removeIdentities(trace(({ x: a, d }) => ({ y: fn({ x: a!, d: d! }) }), { x, d: perImage })));

  it('takes a product with a step, and leaves the rest', () => {
    const one = fused(({ x: a }) => tf.mul(tf.exp(a!), tf.step(a!)));
    expect([count(one, 'ReluGrad'), count(one, 'Step'), count(one, 'Multiply')]).toEqual([1, 0, 0]);
    const [node] = one.nodes.filter(({ operation }) => operation === 'ReluGrad');
    expect(node!.inputs[1]).toEqual(one.inputs[0]!.value);
    expect(
      count(
        fused(({ x: a }) => tf.mul(tf.step(a!), tf.exp(a!))),
        'ReluGrad',
      ),
    ).toBe(1);
  });

  it.each<[string, Fn]>([
    ['that has another value below zero', ({ x: a }) => tf.mul(tf.exp(a!), tf.step(a!, -1))],
    ['of a smaller tensor', ({ x: a, d }) => tf.mul(a!, tf.step(d!))],
    ['to which something is added', ({ x: a }) => tf.add(a!, tf.step(a!))],
  ])('leaves a step alone %s', (_, fn) => {
    const graph = fused(fn);
    expect([count(graph, 'ReluGrad'), count(graph, 'Step')]).toEqual([0, 1]);
  });
});
