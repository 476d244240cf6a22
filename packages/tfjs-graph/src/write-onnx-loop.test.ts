import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Graph } from './graph.js';
import { findChannelBlock } from './onnx/find-channel-block.js';
import { testNumbers } from './testing/test-inputs.js';
import { trace } from './trace.js';
import { stateNames, trainingStep, type TrainingStepSpec } from './training-step.js';
import { writeOnnxLoop } from './write-onnx-loop.js';
import { writeOnnx, type OnnxOptions } from './write-onnx.js';

const channelBlock = await findChannelBlock(ort);

const SIDE = 8;
const CHANNELS = 16;
const PARAMETERS = 9 * CHANNELS + 9 * CHANNELS * CHANNELS;

/** A loss with convolutions, one of them by constant filters, and labels that are integers. */
const spec: TrainingStepSpec = {
  parameterCount: PARAMETERS,
  batch: {
    images: { shape: [2, SIDE, SIDE, 1], dtype: 'float32' },
    labels: { shape: [2, SIDE, SIDE, CHANNELS], dtype: 'int32' },
  },
  loss: (weights, { images, labels }) => {
    const [first, second] = tf.split(weights, [9 * CHANNELS, 9 * CHANNELS * CHANNELS]) as [Tensor, Tensor];
    const convolved = (x: Tensor, filter: Tensor, from: number) =>
      tf.conv2d(x as Tensor4D, tf.reshape(filter, [3, 3, from, CHANNELS]) as Tensor4D, 1, 'same');
    const hidden = tf.relu(convolved(images!, first, 1));
    const fixed = convolved(hidden, tf.tensor1d(testNumbers(9 * CHANNELS * CHANNELS)), CHANNELS);
    const scores = convolved(tf.add(hidden, tf.mul(fixed, 0.01)), second, CHANNELS);
    return tf.mean(tf.squaredDifference(scores, tf.cast(labels!, 'float32')));
  },
  optimiser: { kind: 'adamw', beta1: 0.9, beta2: 0.999, weightDecay: 0.01 },
  gradientNormMax: 1,
};

const graph = trainingStep(spec);
const names = stateNames(spec);

interface Fed {
  readonly images: Float32Array;
  readonly labels: Int32Array;
  readonly learningRate: Float32Array;
  readonly step: Float32Array;
}

const feeds = (step: number): Fed => ({
  images: testNumbers(2 * SIDE * SIDE).map((value) => value * step),
  labels: Int32Array.from({ length: 2 * SIDE * SIDE * CHANNELS }, (_, i) => (i * step) % 3),
  learningRate: Float32Array.of(0.1 / step),
  step: Float32Array.of(step),
});

const SHAPES: Readonly<Record<keyof Fed, readonly number[]>> = {
  images: [2, SIDE, SIDE, 1],
  labels: [2, SIDE, SIDE, CHANNELS],
  learningRate: [],
  step: [],
};

type Vectors = Readonly<Record<string, Float32Array>>;

interface Ran {
  readonly state: Vectors;
  readonly losses: readonly number[];
  readonly gradientNorms: readonly number[];
}

const start: Vectors = {
  weights: testNumbers(PARAMETERS).map((value) => value / 10),
  mean: new Float32Array(PARAMETERS),
  variance: new Float32Array(PARAMETERS),
};

const tensor = (data: Float32Array | Int32Array, shape: readonly number[]) =>
  data instanceof Int32Array ? new ort.Tensor('int32', data, shape) : new ort.Tensor('float32', data, shape);
const vectors = (state: Vectors) =>
  Object.fromEntries(Object.entries(state).map(([name, vector]) => [name, tensor(vector, [vector.length])]));
const nextOf = (results: ort.InferenceSession.OnnxValueMapType): Vectors =>
  Object.fromEntries(names.map((name) => [name, (results[`next_${name}`] as ort.Tensor).data as Float32Array]));
const numbersOf = (results: ort.InferenceSession.OnnxValueMapType, name: string) => [
  ...((results[name] as ort.Tensor).data as Float32Array),
];
const load = (bytes: Uint8Array) => ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 });

/** As many runs as steps. */
async function oneByOne(steps: readonly Fed[], options: OnnxOptions): Promise<Ran> {
  const session = await load(writeOnnx(graph, options));
  let state = start;
  const [losses, gradientNorms]: number[][] = [[], []];
  for (const fed of steps) {
    const given = Object.entries(fed).map(([name, data]) => [name, tensor(data, SHAPES[name as keyof Fed])]);
    const results = await session.run({ ...vectors(state), ...Object.fromEntries(given) });
    state = nextOf(results);
    losses!.push(...numbersOf(results, 'loss'));
    gradientNorms!.push(...numbersOf(results, 'gradientNorm'));
  }
  await session.release();
  return { state, losses: losses!, gradientNorms: gradientNorms! };
}

/** One run for each group of steps, all in one session. */
async function looped(groups: readonly (readonly Fed[])[], options: OnnxOptions): Promise<Ran> {
  const session = await load(writeOnnxLoop(graph, names, options));
  let state = start;
  const [losses, gradientNorms]: number[][] = [[], []];
  for (const steps of groups) {
    const stacked = Object.entries(SHAPES).map(([name, shape]) => {
      const parts = steps.map((fed) => fed[name as keyof Fed]);
      const numbers = parts.flatMap((part) => [...part]);
      const data = name === 'labels' ? Int32Array.from(numbers) : Float32Array.from(numbers);
      return [name, tensor(data, [steps.length, ...shape])];
    });
    const stepCount = new ort.Tensor('int64', BigInt64Array.of(BigInt(steps.length)), []);
    const results = await session.run({ stepCount, ...vectors(state), ...Object.fromEntries(stacked) });
    state = nextOf(results);
    losses!.push(...numbersOf(results, 'loss'));
    gradientNorms!.push(...numbersOf(results, 'gradientNorm'));
  }
  await session.release();
  return { state, losses: losses!, gradientNorms: gradientNorms! };
}

const layouts = [
  ['plain', {}],
  ...(channelBlock === undefined ? [] : [['blocks of channels', { channelBlock }] as const]),
] as const;

describe('writeOnnxLoop()', () => {
  it.each(layouts)('makes to the bit the steps that single runs make, some in each run: %s', async (_, options) => {
    const steps = [1, 2, 3, 4, 5, 6].map(feeds);
    const expected = await oneByOne(steps, options);
    expect(new Set(expected.losses).size).toBe(6);
    expect(await looped([steps.slice(0, 4), steps.slice(4)], options)).toEqual(expected);
    expect(await looped([steps], options)).toEqual(expected);
    expect(
      await looped(
        steps.map((fed) => [fed]),
        options,
      ),
    ).toEqual(expected);
  });

  it('says how many steps its inputs and outputs are of', async () => {
    const session = await load(writeOnnxLoop(graph, names));
    const shapes = (values: readonly ort.InferenceSession.ValueMetadata[]) =>
      Object.fromEntries(values.map((value) => [value.name, 'shape' in value ? value.shape : undefined]));
    const vector = [PARAMETERS];
    expect(shapes(session.inputMetadata)).toEqual({
      stepCount: [],
      weights: vector,
      mean: vector,
      variance: vector,
      learningRate: ['steps'],
      step: ['steps'],
      images: ['steps', 2, SIDE, SIDE, 1],
      labels: ['steps', 2, SIDE, SIDE, CHANNELS],
    });
    expect(shapes(session.outputMetadata)).toEqual({
      next_weights: vector,
      next_mean: vector,
      next_variance: vector,
      loss: ['steps'],
      gradientNorm: ['steps'],
    });
    await session.release();
  });

  it('stacks outputs of any shape, and takes a state that is not a vector', async () => {
    const counting: Graph = trace(
      ({ matrix, row }) => ({ next_matrix: tf.add(matrix!, row!), doubled: tf.mul(row!, 2) }),
      {
        matrix: { shape: [2, 2], dtype: 'float32' },
        row: { shape: [2], dtype: 'float32' },
      },
    );
    const session = await load(writeOnnxLoop(counting, ['matrix']));
    const results = await session.run({
      stepCount: new ort.Tensor('int64', BigInt64Array.of(3n), []),
      matrix: tensor(Float32Array.of(0, 0, 10, 10), [2, 2]),
      row: tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]),
    });
    expect(results['next_matrix']).toMatchObject({ dims: [2, 2], data: Float32Array.of(9, 12, 19, 22) });
    expect(results['doubled']).toMatchObject({ dims: [3, 2], data: Float32Array.of(2, 4, 6, 8, 10, 12) });
    await session.release();
  });

  it('gives equal bytes for equal graphs', () => {
    const write = () => writeOnnxLoop(trainingStep(spec), names);
    expect(Buffer.compare(write(), write())).toBe(0);
  });

  it('refuses a state that the graph does not turn into a next one', () => {
    expect(() => writeOnnxLoop(graph, [...names, 'average'])).toThrow(/^Bug: .* a state of "average"/);
    expect(() => writeOnnxLoop(graph, ['images'])).toThrow(/^Bug: .* a state of "next_images"/);
  });
});
