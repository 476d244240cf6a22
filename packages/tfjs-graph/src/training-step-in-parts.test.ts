import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { layParameters, unflatten } from './flat-parameters.js';
import { loadGraph, type TestInput } from './testing/run-graph.js';
import { exactly, floats } from './testing/test-inputs.js';
import type { TensorRecord } from './trace.js';
import { stateNames, trainingStep, type UpdateSpec } from './training-step.js';
import { trainingStepInParts } from './training-step-in-parts.js';

const ROWS = 8;
const layout = layParameters([
  { name: 'weights', shape: [3, 1] },
  { name: 'bias', shape: [1] },
]);
const update: UpdateSpec = {
  parameterCount: layout.parameterCount,
  optimiser: { kind: 'adamw', beta1: 0.9, beta2: 0.999, weightDecay: 0.1 },
  gradientNormMax: 0.5,
  weightAverageDecay: 0.9,
};
const batch = (rows: number) =>
  ({ x: { shape: [rows, 3], dtype: 'float32' }, y: { shape: [rows, 1], dtype: 'float32' } }) as const;

/** Of a soft overlap, as Dice is: 1 − Σ p·y / (Σ p + Σ y). No mean over rows, and none over parts. */
const sums = (weights: Tensor1D, { x, y }: TensorRecord): TensorRecord => {
  const parameter = unflatten(weights, layout);
  const p = tf.sigmoid(tf.add(tf.matMul(x as Tensor2D, parameter('weights') as Tensor2D), parameter('bias')));
  return { both: tf.sum(tf.mul(p, y!)), either: tf.stack([tf.sum(p), tf.sum(y!)]) };
};
const lossOfSums = ({ both, either }: TensorRecord): Tensor => tf.sub(1, tf.div(both!, tf.sum(either!)));

const x = floats([ROWS, 3]);
const y = exactly([ROWS, 1], [1, 0, 0, 1, 1, 0, 1, 0]);
const state = Object.fromEntries(stateNames(update).map((name, i) => [name, exactly([4], [i + 1, 0.1, 0.5, 2])]));
const scalars = { learningRate: exactly([], [0.1]), step: exactly([], [3]) };

/** Rows of a column of numbers, as an input of its own. */
const rowsOf = ({ data, shape }: TestInput, first: number, count: number): TestInput => {
  const width = shape[1]!;
  return exactly([count, width], [...data].slice(first * width, (first + count) * width));
};

async function runInParts(parts: number): Promise<Record<string, number[]>> {
  const rows = ROWS / parts;
  const graphs = trainingStepInParts({ ...update, sums, lossOfSums, part: batch(rows) });
  const [sumsOf, gradientOf, updated] = [
    await loadGraph(graphs.sums),
    await loadGraph(graphs.gradient),
    await loadGraph(graphs.update),
  ];
  const fed = Array.from({ length: parts }, (_, i) => ({
    weights: state['weights']!,
    x: rowsOf(x, i * rows, rows),
    y: rowsOf(y, i * rows, rows),
  }));
  const added = (name: string, outputs: readonly Awaited<ReturnType<typeof sumsOf.run>>[]) =>
    exactly(
      outputs[0]![name]!.shape,
      [...outputs[0]![name]!.data].map((_, i) => outputs.reduce((sum, output) => sum + output[name]!.data[i]!, 0)),
    );
  const partSums = [];
  for (const part of fed) partSums.push(await sumsOf.run(part));
  const totals = { total_both: added('both', partSums), total_either: added('either', partSums) };
  const gradients = [];
  for (const part of fed) gradients.push(await gradientOf.run({ ...part, ...totals }));
  const outputs = await updated.run({ ...state, ...scalars, gradient: added('gradient', gradients) });
  for (const loaded of [sumsOf, gradientOf, updated]) await loaded.release();
  const numbers = { ...outputs, loss: gradients[0]!['loss']! };
  return Object.fromEntries(Object.entries(numbers).map(([name, { data }]) => [name, [...data]]));
}

describe('trainingStepInParts()', () => {
  it.each([1, 2, 4, 8])('gives loss, gradient norm and next state of the whole batch from %i parts', async (parts) => {
    const loss = (weights: Tensor1D, record: TensorRecord) => lossOfSums(sums(weights, record));
    const whole = await loadGraph(trainingStep({ ...update, loss, batch: batch(ROWS) }));
    const expected = await whole.run({ ...state, ...scalars, x, y });
    await whole.release();
    const numbers = await runInParts(parts);
    expect(Object.keys(numbers).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [name, { data }] of Object.entries(expected))
      data.forEach((value, i) => expect(numbers[name]![i], name).toBeCloseTo(value, 5));
    expect(expected['gradientNorm']!.data[0]).toBeGreaterThan(1e-3);
  });
});
