import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { layParameters, unflatten } from './flat-parameters.js';
import type { Optimiser } from './optimisers.js';
import { loadGraph, type TestInput } from './testing/run-graph.js';
import { exactly, floats } from './testing/test-inputs.js';
import { stateNames, trainingStep, type TrainingStepSpec } from './training-step.js';
import { writeOnnx } from './write-onnx.js';

const layout = layParameters([
  { name: 'weights', shape: [3, 1] },
  { name: 'bias', shape: [1] },
]);
const adamw: Optimiser = { kind: 'adamw', beta1: 0.9, beta2: 0.999, weightDecay: 0 };
const sgd: Optimiser = { kind: 'sgd', momentum: 0, weightDecay: 0 };

/** Least squares: the loss of a linear model. */
const linear = (optimiser: Optimiser): TrainingStepSpec => ({
  parameterCount: layout.parameterCount,
  batch: { x: { shape: [8, 3], dtype: 'float32' }, y: { shape: [8, 1], dtype: 'float32' } },
  loss: (weights: Tensor1D, batch: Record<string, Tensor>) => {
    const parameter = unflatten(weights, layout);
    const predicted = tf.add(tf.matMul(batch['x'] as Tensor2D, parameter('weights') as Tensor2D), parameter('bias'));
    return tf.mean(tf.squaredDifference(predicted, batch['y']!));
  },
  optimiser,
  gradientNormMax: 1e6,
});

const x = floats([8, 3]);
const truth = [2, -1, 0.5];
const y: TestInput = exactly(
  [8, 1],
  Array.from({ length: 8 }, (_, row) => truth.reduce((sum, weight, i) => sum + weight * x.data[row * 3 + i]!, 0.25)),
);
const rate = (value: number): TestInput => exactly([], [value]);

async function train(spec: TrainingStepSpec, steps: number, learningRate: number) {
  const loaded = await loadGraph(trainingStep(spec));
  let state: Record<string, TestInput> = Object.fromEntries(
    stateNames(spec).map((name) => [name, exactly([4], [0, 0, 0, 0])]),
  );
  const losses: number[] = [];
  let outputs = {} as Awaited<ReturnType<typeof loaded.run>>;
  for (let step = 1; step <= steps; step++) {
    outputs = await loaded.run({ ...state, x, y, learningRate: rate(learningRate), step: rate(step) });
    losses.push(outputs['loss']!.data[0]!);
    state = Object.fromEntries(stateNames(spec).map((name) => [name, exactly([4], outputs[`next_${name}`]!.data)]));
  }
  await loaded.release();
  return { losses, outputs, weights: [...state['weights']!.data] };
}

describe('trainingStep()', () => {
  it.each([
    ['AdamW', adamw, 0.1],
    ['SGD with momentum', { kind: 'sgd', momentum: 0.9, weightDecay: 0 } as const, 0.05],
  ])('finds the weights of a linear model: %s', async (_, optimiser, learningRate) => {
    const { losses, weights } = await train(linear(optimiser), 300, learningRate);
    expect(losses.at(-1)).toBeLessThan(1e-4 * losses[0]!);
    [...truth, 0.25].forEach((weight, i) => expect(weights[i]).toBeCloseTo(weight, 1));
  });

  it('scales a gradient down to the largest norm allowed, and says how large it was', async () => {
    const free = await train(linear(sgd), 1, 1);
    const clipped = await train({ ...linear(sgd), gradientNormMax: 0.1 }, 1, 1);
    const norm = (vector: readonly number[]) => Math.hypot(...vector);
    expect(free.outputs['gradientNorm']!.data[0]).toBeCloseTo(norm(free.weights), 5);
    expect(clipped.outputs['gradientNorm']!.data[0]).toBeCloseTo(norm(free.weights), 5);
    expect(norm(clipped.weights)).toBeCloseTo(0.1, 5);
  });

  it('leaves the first weights what they are where they are frozen, whatever decay and momentum say', async () => {
    const decaying: Optimiser = { kind: 'adamw', beta1: 0.9, beta2: 0.999, weightDecay: 0.5 };
    const loaded = await loadGraph(trainingStep({ ...linear(decaying), frozenCount: 2 }));
    const state = Object.fromEntries(stateNames(linear(decaying)).map((name) => [name, exactly([4], [1, 2, 3, 4])]));
    const outputs = await loaded.run({ ...state, x, y, learningRate: rate(0.1), step: rate(3) });
    await loaded.release();
    const next = outputs['next_weights']!.data;
    expect(next.slice(0, 2)).toEqual([1, 2]);
    expect(next[2]).not.toBe(3);
    expect(next[3]).not.toBe(4);
  });

  it('keeps a moving average of the weights where one is asked for', async () => {
    const { outputs } = await train({ ...linear(sgd), weightAverageDecay: 0.75 }, 1, 1);
    outputs['next_average']!.data.forEach((value, i) =>
      expect(value).toBeCloseTo(0.25 * outputs['next_weights']!.data[i]!, 6),
    );
  });

  it('gives the same bytes each time', () => {
    const write = () => writeOnnx(trainingStep(linear(adamw)));
    expect(Buffer.compare(write(), write())).toBe(0);
  });
});
