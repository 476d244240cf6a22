import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../graph.js';
import { expectSameNumbers } from '../testing/expect-same-numbers.js';
import { loadGraph, runOnCpu, type TestInputs } from '../testing/run-graph.js';
import { floats, testNumbers } from '../testing/test-inputs.js';
import { trace, type TensorRecord } from '../trace.js';
import { growAfterwards } from './grow-afterwards.js';
import { joinNarrowConvolutions } from './join-narrow-convolutions.js';
import { removeIdentities } from './remove-identities.js';

type Fn = (record: TensorRecord) => TensorRecord;

const BLOCK = 4;
/** Two fill a block. */
const NARROW = 2;

const count = ({ nodes }: Graph, operation: string): number =>
  nodes.filter((node) => node.operation === operation).length;

const numbers = (shape: readonly number[], seed: number): Tensor =>
  tf.tensor(testNumbers(tf.util.sizeFromShape([...shape]), seed), [...shape]);

/** Convolves with a filter of its own. */
function conv(image: Tensor, to: number, { seed, size = 3 }: { seed: number; size?: number }): Tensor4D {
  const filter = numbers([size, size, image.shape[3]!, to], seed) as Tensor4D;
  return tf.conv2d(image as Tensor4D, filter, 1, 'same');
}

function normRelu(image: Tensor4D, seed: number): Tensor4D {
  const channels = [image.shape[3]];
  const centred = tf.sub(image, tf.mean(image, [1, 2], true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), [1, 2], true), 1e-5));
  const scaled = tf.mul(centred, tf.mul(inverse, numbers(channels, seed)));
  return tf.relu(tf.add(scaled, numbers(channels, seed + 1))) as Tensor4D;
}

const double = (image: Tensor4D): Tensor4D =>
  tf.image.resizeNearestNeighbor(image, [2 * image.shape[1], 2 * image.shape[2]]);

/** The upper levels of a U-Net: what of its encoder another has, and how many scores it gives. */
function network(image: Tensor, { encoder, decoder }: { encoder: number; decoder: number }): Tensor4D {
  const skip = normRelu(conv(image, NARROW, { seed: encoder }), encoder);
  const below = normRelu(conv(tf.maxPool(skip, 2, 2, 'valid'), BLOCK, { seed: encoder + 1 }), encoder + 2);
  const changed = normRelu(conv(below, BLOCK, { seed: decoder }), decoder);
  const joined = tf.concat([double(changed), skip], 3);
  const first = normRelu(conv(joined, NARROW, { seed: decoder + 1 }), decoder + 2);
  const second = normRelu(conv(first, NARROW, { seed: decoder + 3 }), decoder + 4);
  const scores = conv(second, 2, { seed: decoder + 5, size: 1 });
  return tf.softmax(tf.add<Tensor4D>(scores, numbers([2], decoder + 6)));
}

const members =
  (encoders: readonly number[]): Fn =>
  ({ x }) =>
    Object.fromEntries(encoders.map((encoder, i) => [`y${i}`, network(x!, { encoder, decoder: 100 + 10 * i })]));

/** Joins, and compares what both graphs compute with what TensorFlow.js does on its CPU backend. */
async function joined(fn: Fn, inputs: TestInputs, block = BLOCK): Promise<{ graph: Graph; rewritten: Graph }> {
  const graph = removeIdentities(trace(fn, inputs));
  const rewritten = joinNarrowConvolutions(graph, block);
  await expectSameNumbers(graph, { graph: rewritten, inputs });
  const loaded = await loadGraph(rewritten);
  const [found, expected] = [await loaded.run(inputs), await runOnCpu(fn, inputs)];
  await loaded.release();
  for (const [name, { data }] of Object.entries(expected))
    found[name]!.data.forEach((value, i) => expect(value, name).toBeCloseTo(data[i]!, 3));
  return { graph, rewritten };
}

const x = floats([2, 4, 8, 3]);

describe('joinNarrowConvolutions()', () => {
  it('puts the filters of one image side by side', async () => {
    const fn: Fn = ({ x: a }) => ({ y: conv(a!, NARROW, { seed: 1 }), z: conv(a!, NARROW, { seed: 2 }) });
    const { rewritten } = await joined(fn, { x });
    const convolutions = rewritten.nodes.filter(({ operation }) => operation === 'Conv2D');
    expect(convolutions.map(({ outputs }) => outputs[0]!.shape)).toEqual([[2, 4, 8, BLOCK]]);
    expect(convolutions[0]!.inputs[0]).toEqual(rewritten.inputs[0]!.value);
  });

  it('joins images, with filters that keep them apart', async () => {
    const fn: Fn = ({ a, b }) => ({ y: conv(a!, NARROW, { seed: 1 }), z: conv(b!, NARROW, { seed: 2 }) });
    // Inputs are not alike, what is computed alike is.
    const squares: Fn = ({ x: image }) => {
      const [a, b] = [1, 2].map((seed) => conv(image!, BLOCK, { seed }));
      return fn({ a: a!, b: b! });
    };
    const { rewritten } = await joined(squares, { x });
    const filters = rewritten.nodes.filter(({ operation }) => operation === 'Conv2D').map(({ inputs }) => inputs[1]!);
    expect(filters.map(({ shape }) => shape[2])).toEqual([3, 3, 2 * BLOCK]);
  });

  it('leaves members joined from the first narrow convolution to their scores', async () => {
    const { graph, rewritten } = await joined(members([1, 20]), { x });
    expect(count(graph, 'Conv2D')).toBe(2 * 6);
    // Of the decoder's first convolution the grown part and the other; two to whole blocks for each member.
    expect(count(rewritten, 'Conv2D')).toBe(1 + 2 + 2 + 2 + 1 + 1);
    expect(count(rewritten, 'Relu')).toBe(1 + 2 + 2 + 2);
    expect(count(rewritten, 'MaxPool')).toBe(1);
    expect(count(rewritten, 'Softmax')).toBe(2);
  });

  it('computes an encoder that members share once, and joins their decoders', async () => {
    const { graph, rewritten } = await joined(members([1, 1]), { x });
    expect(count(graph, 'Conv2D')).toBe(2 + 2 * 4);
    expect(count(rewritten, 'Conv2D')).toBe(2 + 2 + 2 + 1 + 1);
  });

  it('joins images before they grow, so that they can be convolved while they are small', async () => {
    const { rewritten } = await joined(members([1, 1]), { x });
    expect(count(rewritten, 'ResizeNearestNeighbor')).toBe(1);
    const grown = growAfterwards(rewritten, { divisor: BLOCK, form: 'phases' });
    expect(count(grown, 'ResizeNearestNeighbor')).toBe(0);
    await expectSameNumbers(rewritten, { graph: grown, inputs: { x } });
  });

  it.each([
    ['three members of one encoder', [1, 1, 1], 1],
    ['members of which some share an encoder', [1, 1, 1, 20, 20], 1],
    ['two encoders that are joined and one that is not', [1, 1, 1, 20, 20, 20, 40, 40], 0],
  ])('keeps the numbers of %s', async (_, encoders, alone) => {
    const { rewritten } = await joined(members(encoders), { x });
    const heads = rewritten.nodes.filter(
      ({ operation, inputs }) => operation === 'Conv2D' && inputs[1]!.shape[0] === 1,
    );
    expect(heads).toHaveLength((encoders.length + alone) / 2);
  });

  it('lets four fill a block where it takes four', async () => {
    const fn: Fn = ({ x: a }) =>
      Object.fromEntries([1, 2, 3, 4, 5].map((seed) => [`y${seed}`, normRelu(conv(a!, 1, { seed }), seed)]));
    const { rewritten } = await joined(fn, { x });
    expect(count(rewritten, 'Conv2D')).toBe(2);
  });

  it('gives values that are read apart, or are outputs, their own channels', async () => {
    const fn: Fn = ({ x: a }) => {
      const [y, z] = [1, 2].map((seed) => conv(a!, NARROW, { seed }));
      return { y: y!, sum: tf.addN([y!, tf.reverse(z!, 2)]), mean: tf.mean(z!, 3) };
    };
    const { rewritten } = await joined(fn, { x });
    expect(count(rewritten, 'Conv2D')).toBe(1);
  });

  it('cuts members apart where numbers differ that all channels have', async () => {
    const fn: Fn = ({ x: a }) =>
      Object.fromEntries(
        [1, 2].map((seed) => [`y${seed}`, tf.relu(tf.mul(conv(a!, NARROW, { seed }), tf.scalar(seed)))]),
      );
    const { rewritten } = await joined(fn, { x });
    expect([count(rewritten, 'Conv2D'), count(rewritten, 'Multiply'), count(rewritten, 'Relu')]).toEqual([1, 2, 2]);
  });

  it('joins what all members read once a member where it has a number for each channel', async () => {
    const fn: Fn = ({ x: a }) =>
      Object.fromEntries([1, 2].map((seed) => [`y${seed}`, tf.mul(conv(a!, NARROW, { seed }), numbers([NARROW], 7))]));
    const { rewritten } = await joined(fn, { x });
    expect(count(rewritten, 'Multiply')).toBe(1);
  });

  it.each<[string, Fn]>([
    ['one that is like no other', ({ x: a }) => ({ y: conv(a!, NARROW, { seed: 1 }) })],
    ['one behind the other', ({ x: a }) => ({ y: conv(conv(a!, NARROW, { seed: 1 }), NARROW, { seed: 2 }) })],
    ['those that fill blocks', ({ x: a }) => ({ y: conv(a!, BLOCK, { seed: 1 }), z: conv(a!, BLOCK, { seed: 2 }) })],
    [
      'those of which no number fills one',
      ({ x: a }) => ({ y: conv(a!, 3, { seed: 1 }), z: conv(a!, 3, { seed: 2 }) }),
    ],
    [
      'those of one pixel on images of their own',
      ({ x: a }) =>
        Object.fromEntries(
          [1, 2].map((seed) => [`y${seed}`, conv(conv(a!, BLOCK, { seed }), NARROW, { seed: seed + 2, size: 1 })]),
        ),
    ],
    [
      'those whose images would leave a block half empty',
      ({ x: a }) =>
        Object.fromEntries([1, 2].map((seed) => [`y${seed}`, conv(conv(a!, 3, { seed }), NARROW, { seed: seed + 2 })])),
    ],
    [
      'those that move otherwise',
      ({ x: a }) => ({
        y: conv(a!, NARROW, { seed: 1 }),
        z: tf.conv2d(a as Tensor4D, numbers([3, 3, 3, NARROW], 2) as Tensor4D, 2, 'same'),
      }),
    ],
  ])('leaves %s alone', async (_, fn) => {
    const { graph, rewritten } = await joined(fn, { x });
    expect(rewritten).toBe(graph);
  });

  it('leaves filters alone that are learnt', async () => {
    const inputs = { x, f: floats([3, 3, 3, NARROW], 1), g: floats([3, 3, 3, NARROW], 2) };
    const fn: Fn = ({ x: a, f, g }) => ({
      y: tf.conv2d(a as Tensor4D, f as Tensor4D, 1, 'same'),
      z: tf.conv2d(a as Tensor4D, g as Tensor4D, 1, 'same'),
    });
    const { graph, rewritten } = await joined(fn, inputs);
    expect(rewritten).toBe(graph);
  });
});
