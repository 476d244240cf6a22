import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Graph, Numbers } from '../graph.js';
import { decodeModel } from '../onnx/model-proto.js';
import { fuseChannelAffine } from '../passes/channel-affine.js';
import { fuseChannelDot } from '../passes/channel-dot.js';
import { removeIdentities } from '../passes/remove-identities.js';
import { expectSameNumbers } from '../testing/expect-same-numbers.js';
import { loadGraph, type TestInput, type TestInputs, type TestOutputs } from '../testing/run-graph.js';
import { exactly, floats } from '../testing/test-inputs.js';
import { trace } from '../trace.js';
import { writeOnnx, type OnnxOptions } from '../write-onnx.js';
import { rangeGraph, readRanges, type ConvolutionRange } from './convolution-ranges.js';
import { takeMeansFirst } from './means-first.js';
import { formsInRows } from './rows-of-channels.js';

type Fn = (image: Tensor4D) => Tensor;

const image = floats([2, 8, 12, 8]);
const filterOf = ({ shape, data }: TestInput): Tensor4D => tf.tensor4d(data as Float32Array, [...shape] as never);
const conv = (x: Tensor, filter: TestInput, stride = 1): Tensor4D =>
  tf.conv2d(x as Tensor4D, filterOf(filter), stride, 'same');
const first = floats([3, 3, 8, 8], 2);
const second = floats([3, 3, 8, 16], 3);
const gain = floats([8], 4);

const traced = (fn: Fn, input: TestInput = image): Graph =>
  trace(({ image: x }) => ({ y: fn(x as Tensor4D) }), { image: input });

async function run(graph: Graph, inputs: TestInputs, options?: OnnxOptions): Promise<TestOutputs> {
  const loaded = await loadGraph(graph, options);
  const outputs = await loaded.run(inputs);
  await loaded.release();
  return outputs;
}

async function rangesOf(graph: Graph, input: TestInput = image): Promise<ConvolutionRange[]> {
  const results = await run(rangeGraph(graph), { image: input });
  return readRanges(
    Object.fromEntries(
      Object.entries(results).map(([name, { data }]): [string, Numbers] => [name, Float32Array.from(data)]),
    ),
  );
}

async function inEightBits(graph: Graph, input: TestInput = image): Promise<number[]> {
  const { y } = await run(graph, { image: input }, { ranges: await rangesOf(graph, input) });
  return [...y!.data];
}

const operators = (graph: Graph, ranges: readonly ConvolutionRange[]): string[] =>
  (decodeModel(writeOnnx(graph, { ranges })) as { graph: { node: { opType: string }[] } }).graph.node.map(
    ({ opType }) => opType,
  );

/** 3×3, borders of zeros, stride 1, by the definition: whole numbers, one image. */
function wholeConvolution(
  bits: readonly number[],
  {
    height,
    width,
    inputs,
    outputs,
    filter,
  }: Record<'height' | 'width' | 'inputs' | 'outputs', number> & { filter: number[] },
): number[] {
  const sums: number[] = [];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let o = 0; o < outputs; o++) {
        let sum = 0;
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) {
            const [y, x] = [row + dy, column + dx];
            if (y < 0 || x < 0 || y >= height || x >= width) continue;
            for (let i = 0; i < inputs; i++)
              sum +=
                bits[(y * width + x) * inputs + i]! * filter[(((dy + 1) * 3 + dx + 1) * inputs + i) * outputs + o]!;
          }
        sums.push(sum);
      }
  return sums;
}

describe('writeOnnx() in 8 bits', () => {
  it('computes what integer arithmetic on rounded numbers gives', async () => {
    const input = floats([1, 8, 12, 8], 5);
    const graph = traced((x) => conv(x, first), input);
    const [range] = await rangesOf(graph, input);
    const [low, high] = [Math.min(...range!.inputMin), Math.max(...range!.inputMax)];
    const step = Math.fround((high - low) / 255);
    const zero = Math.round(-low / step);
    const bits = Array.from(input.data, (value) => Math.min(255, Math.max(0, Math.round(value / step) + zero)) - zero);
    const largest = Array.from({ length: 8 }, (_, o) =>
      Array.from(first.data).reduce((most, value, i) => (i % 8 === o ? Math.max(most, Math.abs(value)) : most), 0),
    );
    const filter = Array.from(first.data, (value, i) => Math.round((value / largest[i % 8]!) * 127));
    const sums = wholeConvolution(bits, { height: 8, width: 12, inputs: 8, outputs: 8, filter });

    const found = await inEightBits(graph, input);

    const steps = range!.outputMax.map((value, o) => (value - range!.outputMin[o]!) / 255);
    const inSteps = sums.map((sum, i) => {
      const exact = sum * step * (largest[i % 8]! / 127);
      const cut = Math.min(range!.outputMax[i % 8]!, Math.max(range!.outputMin[i % 8]!, exact));
      return (found[i]! - cut) / steps[i % 8]!;
    });
    // Half a step of the output is rounding; what float32 and the whole number of the shift leave is little beside it.
    expect(Math.max(...inSteps.map(Math.abs))).toBeLessThan(0.52);
    expect(Math.max(...inSteps.map(Math.abs))).toBeGreaterThan(0.4);
  });

  it.each<[string, Fn, string]>([
    ['the largest of windows', (x) => tf.maxPool(x, 2, 2, 'valid'), 'NhwcMaxPool'],
    ['larger images', (x) => tf.image.resizeNearestNeighbor(x, [16, 36]), 'Expand'],
    ['channels side by side', (x) => tf.concat([x, tf.relu(tf.neg(x))], 3), 'Concat'],
    [
      'all of these',
      (x) =>
        tf.concat([tf.image.resizeNearestNeighbor(tf.maxPool(tf.square(x), 2, 2, 'same') as Tensor4D, [8, 12]), x], 3),
      'NhwcMaxPool',
    ],
  ])('takes %s in 8 bits, with the numbers that float32 gives', async (_, move, operator) => {
    const channels = move(tf.zeros([2, 8, 12, 8])).shape[3]!;
    const filter = floats([3, 3, channels, 8], 6);
    const moved = traced((x) => conv(move(x), filter));
    // Where something else reads the image as well, it stays in float32.
    const kept = trace(
      ({ image: x }) => {
        const before = move(x as Tensor4D);
        return { y: conv(before, filter), before };
      },
      { image },
    );
    const ranges = await rangesOf(moved);
    const { y } = await run(kept, { image }, { ranges });
    expect(await inEightBits(moved)).toEqual(y!.data);
    expect(operators(moved, ranges)).toContain(operator);
  });

  it('stays near the float32 network through norms, strides and windows', async () => {
    const norm = (x: Tensor): Tensor => {
      const centred = tf.sub(x, tf.mean(x, [1, 2], true));
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), [1, 2], true), 1e-5));
      return tf.relu(tf.add(tf.mul(centred, tf.mul(inverse, tf.tensor1d(gain.data as Float32Array))), 0.1));
    };
    const graph = traced((x) => conv(norm(conv(norm(conv(x, first)), first, 2)), second));
    const { y } = await run(graph, { image });
    const found = await inEightBits(graph);
    const deviation = Math.sqrt(found.reduce((sum, value, i) => sum + (value - y!.data[i]!) ** 2, 0));
    const size = Math.sqrt(y!.data.reduce((sum, value) => sum + value ** 2, 0));
    expect(deviation / size).toBeLessThan(0.02);
    expect(operators(graph, await rangesOf(graph)).filter((type) => type === 'QLinearConv')).toHaveLength(3);
  });

  it('leaves alone what has few channels or a filter that moves', async () => {
    const graph = trace(
      ({ image: x, filter }) => ({
        few: conv(x!, floats([1, 1, 8, 2], 7)),
        moving: tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, 'same'),
      }),
      { image, filter: first },
    );
    expect(rangeGraph(graph).outputs).toHaveLength(0);
    await expectSameNumbers(graph, { graph, inputs: { image, filter: first }, options: { ranges: [] } });
  });

  it('knows a filter of one number', async () => {
    const graph = traced((x) => tf.conv2d(x, tf.ones([3, 3, 8, 8]) as Tensor4D, 1, 'same'));
    expect(operators(graph, await rangesOf(graph))).toContain('QLinearConv');
  });

  it('can be told nothing but zeros', async () => {
    const zeros = exactly(
      [1, 2, 2, 8],
      Array.from({ length: 32 }, () => 0),
    );
    expect(
      new Set(
        (
          await inEightBits(
            traced((x) => conv(x, first), zeros),
            zeros,
          )
        ).map(Math.abs),
      ),
    ).toEqual(new Set([0]));
  });

  it('refuses ranges of another graph', async () => {
    const ranges = await rangesOf(traced((x) => conv(x, first)));
    for (const graph of [traced((x) => conv(conv(x, first), first)), traced((x) => conv(x, second))])
      expect(() => writeOnnx(graph, { ranges })).toThrow(expect.objectContaining({ code: 'TRACE_INVALID' }));
  });

  it('writes equal bytes for equal graphs', async () => {
    const graph = traced((x) => conv(x, first));
    const ranges = await rangesOf(graph);
    expect(writeOnnx(graph, { ranges })).toEqual(writeOnnx(graph, { ranges }));
  });
});

describe('readRanges()', () => {
  it('widens what was seen before', () => {
    const results = (low: number, high: number): Record<string, Numbers> => ({
      'inputMin-0': Float32Array.of(low),
      'inputMax-0': Float32Array.of(high),
      'outputMin-0': Float32Array.of(2 * low, low),
      'outputMax-0': Float32Array.of(high, 2 * high),
    });
    const [range] = readRanges(results(-3, 1), readRanges(results(-1, 2)));
    expect(range).toEqual({
      inputMin: [-3],
      inputMax: [2],
      outputMin: [-6, -3],
      outputMax: [2, 4],
    });
  });
});

describe('takeMeansFirst()', () => {
  it('keeps the numbers and reads the scaled image once less', async () => {
    const perChannel = (seed: number) => tf.tensor1d(floats([8], seed).data as Float32Array);
    const graph = removeIdentities(
      traced((x) => {
        const scaled = tf.add(tf.mul(x, perChannel(8)), perChannel(9));
        return tf.sub(scaled, tf.mean(scaled, [1, 2], true));
      }),
    );
    const rewritten = takeMeansFirst(graph);
    await expectSameNumbers(graph, { graph: rewritten, inputs: { image } });
    const affines = (from: Graph) =>
      fuseChannelAffine(from).nodes.filter(({ operation }) => operation === 'ChannelAffine');
    expect([affines(graph).length, affines(rewritten).length]).toEqual([2, 1]);
  });
});

describe('formsInRows', () => {
  it('has the numbers of the plain forms', async () => {
    const graph = traced((x) => {
      const centred = tf.add(tf.mul(x, tf.mean(x, [1, 2], true)), tf.tensor1d(gain.data as Float32Array));
      return tf.add(tf.relu(tf.sub(centred, 0.3)), tf.mean(tf.mul(centred, x), [1, 2], true));
    });
    const fused = fuseChannelAffine(fuseChannelDot(removeIdentities(graph)));
    expect(fused.nodes.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['ChannelAffine', 'ChannelDot']),
    );
    await expectSameNumbers(graph, { graph: fused, inputs: { image }, options: { formulations: formsInRows } });
  });
});
