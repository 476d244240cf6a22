import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import * as onnxruntime from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { findChannelBlock } from '../onnx/find-channel-block.js';
import { decodeModel } from '../onnx/model-proto.js';
import { BLOCKED_DOMAIN } from '../onnx/node-list.js';
import { expectSameNumbers } from '../testing/expect-same-numbers.js';
import { loadGraph, type TestInputs } from '../testing/run-graph.js';
import { floats } from '../testing/test-inputs.js';
import { withGradients } from '../testing/with-gradients.js';
import { trace, type TensorRecord } from '../trace.js';
import { writeOnnx } from '../write-onnx.js';

type Fn = (record: TensorRecord) => Tensor;
type Padding = 'same' | 'valid';

const block = (await findChannelBlock(onnxruntime)) ?? 0;
const TWO = 2 * block;

const conv = (
  x: Tensor,
  f: Tensor,
  { padding = 'same', stride = 1 }: { padding?: Padding; stride?: number } = {},
): Tensor4D => tf.conv2d(x as Tensor4D, f as Tensor4D, stride, padding);

/** Types of onnxruntime's own operators that a file calls. */
function blockedOperators(bytes: Uint8Array): Set<string> {
  const { graph } = decodeModel(bytes) as { graph: { node: { domain: string; opType: string }[] } };
  return new Set(graph.node.filter(({ domain }) => domain === BLOCKED_DOMAIN).map(({ opType }) => opType));
}

interface Case {
  readonly name: string;
  readonly inputs: TestInputs;
  readonly fn: Fn;
}

const filter = (size: readonly [number, number], from: number, to: number) => floats([...size, from, to], 3);
const squared = (x: Tensor): Tensor => tf.add(x, tf.mul(0.1, tf.square(x)));

const convolutions: Case[] = (
  [
    ['blocks to blocks', [2, 6, TWO, TWO], [3, 3], block, 'same', 1],
    ['more filters than channels', [2, 6, TWO, block], [3, 3], TWO, 'same', 1],
    ['more channels than filters', [2, 6, TWO, TWO], [3, 3], block, 'same', 1],
    ['one channel', [2, 8, block, 1], [3, 3], block, 'same', 1],
    ['three channels', [2, 8, block, 3], [3, 3], TWO, 'same', 1],
    ['to two channels', [2, 8, block, TWO], [1, 1], 2, 'same', 1],
    ['3×3 to three channels', [2, 8, block, block], [3, 3], 3, 'same', 1],
    ['1×1', [1, 4, TWO, block], [1, 1], block, 'same', 1],
    ['5×3', [1, 7, TWO, block], [5, 3], TWO, 'same', 1],
    ['even kernel', [1, 6, block, block], [2, 4], block, 'same', 1],
    ['a width that fills no block', [2, 5, block + 3, block], [3, 3], block, 'same', 1],
    ['valid', [1, 6, TWO, block], [3, 3], block, 'valid', 1],
    ['stride 2', [1, 6, TWO, block], [3, 3], block, 'same', 2],
    ['channels that fill no block', [1, 6, TWO, block + 2], [3, 3], block, 'same', 1],
    ['so many rows that they are cut', [1, 1200, TWO, block], [3, 3], block, 'same', 1],
    ['so many rows, one channel', [2, 1200, TWO, 1], [3, 3], TWO, 'same', 1],
  ] as const
).map(([name, image, kernel, filters, padding, stride]) => ({
  name: `convolution: ${name}`,
  inputs: { x: floats(image), f: filter(kernel, image[3], filters) },
  fn: ({ x, f }) => conv(squared(x!), f!, { padding, stride }),
}));

const image = floats([2, 8, block, block]);
const pointwise = filter([1, 1], block, block);
/** What a case does to an image in blocks. */
const onBlocks = (name: string, fn: (x: Tensor4D, record: TensorRecord) => Tensor, more: TestInputs = {}): Case => ({
  name,
  inputs: { x: image, f: pointwise, ...more },
  fn: (record) => fn(conv(record['x']!, record['f']!), record),
});

const others: Case[] = [
  onBlocks('max pooling', (x) => tf.maxPool(x, 2, 2, 'valid')),
  onBlocks('max pooling of equal pixels', (x) => tf.maxPool(tf.relu(x), [2, 4], [2, 4], 'valid')),
  onBlocks('max pooling whose windows overlap', (x) => tf.maxPool(x, 3, 1, 'same')),
  onBlocks('growing by two', (x) => conv(tf.image.resizeNearestNeighbor(x, [16, TWO]), tf.ones([1, 1, block, block]))),
  onBlocks('growing by a fraction', (x) => tf.image.resizeNearestNeighbor(x, [12, block])),
  onBlocks('channels joined', (x) => conv(tf.concat([x, tf.relu(x)], 3), tf.ones([1, 1, TWO, block]))),
  onBlocks('rows joined', (x) => tf.concat([x, x], 1)),
  onBlocks('channels split', (x) => tf.split(conv(x, tf.ones([1, 1, block, TWO])), 2, 3)[1]!),
  onBlocks('channels cut between blocks', (x) => tf.slice(conv(x, tf.ones([1, 1, block, TWO])), [0, 0, 0, block])),
  onBlocks('channels and rows cut', (x) => tf.slice(x, [0, 2, 0, 1], [2, 4, block, 3])),
  onBlocks('softmax over a block', (x) => tf.softmax(x)),
  onBlocks('softmax over two channels', (x) => tf.softmax(conv(x, tf.ones([1, 1, block, 2])))),
  onBlocks('softmax of numbers whose powers are too large', (x) =>
    tf.softmax(tf.add(conv(x, tf.ones([1, 1, block, 2])), tf.tensor1d([100, 100.5]))),
  ),
  onBlocks('channels cut within a block', (x) => tf.slice(x, [0, 0, 0, 1], [2, 8, block, 3])),
  onBlocks('mean over pixels', (x) => tf.mean(x, [1, 2], true)),
  onBlocks('mean over pixels, axes dropped', (x) => tf.mean(x, [1, 2])),
  onBlocks('sum over pixels', (x) => tf.sum(x, [1, 2], true)),
  onBlocks('sum over rows', (x) => tf.sum(x, [1], true)),
  onBlocks('sum over everything', (x) => tf.sum(x)),
  onBlocks('one number a channel added', (x, { b }) => tf.relu(tf.add(x, b!)), { b: floats([block], 5) }),
  onBlocks('one number a channel times', (x, { b }) => tf.mul(b!, x), { b: floats([1, 1, 1, block], 5) }),
  onBlocks('one number a channel and an image', (x, { a, b }) => tf.relu(tf.sub(tf.mul(tf.sub(x, a!), b!), 0.1)), {
    a: floats([2, 1, 1, block], 5),
    b: floats([block], 6),
  }),
  onBlocks('two images', (x, { a }) => tf.mul(tf.sub(tf.mul(x, a!), tf.square(x)), a!), {
    a: floats([2, 1, 1, block], 5),
  }),
  onBlocks('divided by one number a channel', (x, { a }) => tf.div(x, tf.add(tf.square(a!), 1)), {
    a: floats([block], 5),
  }),
  onBlocks('compared', (x) => tf.mul(x, tf.step(tf.sub(x, 0.1), 0.5))),
  onBlocks('a batch mean', (x) => tf.mean(x, [0], true)),
  onBlocks('instance normalisation', (x) => {
    const centred = tf.sub(x, tf.mean(x, [1, 2], true));
    return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), [1, 2], true), 1e-5)));
  }),
];

describe.skipIf(block === 0)('a graph on blocked images', () => {
  it.each([...convolutions, ...others])('computes what the plain one computes: $name', async ({ inputs, fn }) => {
    const graph = trace(withGradients(fn, inputs), inputs);
    expect(blockedOperators(writeOnnx(graph, { channelBlock: block })).size).toBeGreaterThan(0);
    await expectSameNumbers(graph, { graph, inputs, options: { channelBlock: block } });
  });

  it.each([2, 3, 4, 5])('votes for the largest of %i channels, and for the first of equal ones', async (channels) => {
    const inputs = { x: image, f: pointwise, g: filter([1, 1], block, channels) };
    const logits = ({ x, f, g }: TensorRecord) => conv(tf.round(tf.mul(conv(x!, f!), 2)), tf.sign(g!));
    const graph = trace((record) => ({ y: tf.argMax(logits(record), 3), rows: tf.argMax(logits(record), 1) }), inputs);
    await expectSameNumbers(graph, { graph, inputs, options: { channelBlock: block } });
    const operators = decodeModel(writeOnnx(graph, { channelBlock: block })) as {
      graph: { node: { opType: string }[] };
    };
    const count = operators.graph.node.filter(({ opType }) => opType === 'ArgMax').length;
    expect(count).toBe(channels > 4 ? 2 : 1);
  });

  it('calls the operators of blocks for every step of a network, and never comes back into blocks', () => {
    const inputs = { x: floats([2, 8, TWO, 1]), f: filter([3, 3], 1, block), g: filter([3, 3], TWO, 2) };
    const graph = trace(
      withGradients(({ x, f, g }) => {
        const first = tf.relu(tf.mul(conv(x!, f!), tf.ones([block]).mul(2)));
        const pooled = tf.maxPool(first as Tensor4D, 2, 2, 'valid');
        const grown = tf.image.resizeNearestNeighbor(pooled, [8, TWO]);
        return conv(tf.concat([grown, first as Tensor4D], 3), g!);
      }, inputs),
      inputs,
    );
    const bytes = writeOnnx(graph, { channelBlock: block });
    expect([...blockedOperators(bytes)].toSorted()).toEqual(
      expect.arrayContaining(['AveragePool', 'Conv', 'MaxPool', 'ReorderOutput', 'Upsample']),
    );
    // The image comes in as it is, with its one channel, and so does the gradient of the two that leave.
    expect(blockedOperators(bytes)).not.toContain('ReorderInput');
  });

  it('calls them for networks too narrow for blocks, where several are alike', async () => {
    const inputs = { x: floats([2, 8, TWO, 1]) };
    const weights = (shape: number[], seed: number) => tf.tensor4d(floats(shape, seed).data, shape as never);
    const network = (x: Tensor, seed: number): Tensor => {
      const skip = tf.relu(conv(x, weights([3, 3, 1, block / 2], 1)));
      const below = conv(tf.maxPool(skip as Tensor4D, 2, 2, 'valid'), weights([3, 3, block / 2, block], seed));
      const grown = tf.image.resizeNearestNeighbor(below, [8, TWO]);
      const first = tf.relu(
        conv(tf.concat([grown, skip as Tensor4D], 3), weights([3, 3, 1.5 * block, block / 2], seed)),
      );
      return tf.softmax(conv(first, weights([1, 1, block / 2, 2], seed)));
    };
    const graph = trace(({ x }) => ({ y: network(x!, 2), z: network(x!, 3) }), inputs);
    const { graph: written } = decodeModel(writeOnnx(graph, { channelBlock: block })) as {
      graph: { node: { domain: string; opType: string }[] };
    };
    const plain = written.node.filter(({ domain, opType }) => domain !== BLOCKED_DOMAIN && opType === 'Conv');
    // The encoder is one for both, and has no other like it.
    expect(plain).toHaveLength(1);
    await expectSameNumbers(graph, { graph, inputs, options: { channelBlock: block } });
  });

  it('gives wrong numbers with the block of another machine, which is why it is probed', async () => {
    const other = block === 8 ? 16 : 8;
    const inputs = { x: floats([1, 6, 16, 16]), f: filter([3, 3], 16, 16) };
    const graph = trace(({ x, f }) => ({ y: conv(x!, f!) }), inputs);
    const [plain, blocked] = [await loadGraph(graph), await loadGraph(graph, { channelBlock: other })];
    const outcome = await blocked.run(inputs).then(
      ({ y }) => y!.data,
      () => 'refused',
    );
    expect(outcome).not.toEqual((await plain.run(inputs))['y']!.data);
    await Promise.all([plain.release(), blocked.release()]);
  });
});
