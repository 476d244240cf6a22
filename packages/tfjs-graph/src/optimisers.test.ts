import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor1D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import oracle from './optimisers.oracle.json' with { type: 'json' };
import { slotNames, update, type Optimiser } from './optimisers.js';
import { loadGraph, type TestInput } from './testing/run-graph.js';
import { trace } from './trace.js';

const vector = (data: readonly number[]): TestInput => ({
  shape: [data.length],
  dtype: 'float32',
  data: Float32Array.from(data),
});
const scalar = (value: number): TestInput => ({ shape: [], dtype: 'float32', data: Float32Array.of(value) });

/** One update as a graph. */
function updateGraph(optimiser: Optimiser, size: number) {
  const slots = slotNames(optimiser);
  const shaped = { shape: [size], dtype: 'float32' } as const;
  const single = { shape: [], dtype: 'float32' } as const;
  return trace(
    (record) => {
      const next = update(optimiser, {
        weights: record['weights'] as Tensor1D,
        gradient: record['gradient'] as Tensor1D,
        slots: Object.fromEntries(slots.map((name) => [name, record[name] as Tensor1D])),
        learningRate: record['learningRate'] as Scalar,
        step: record['step'] as Scalar,
      });
      return {
        next_weights: next.weights,
        ...Object.fromEntries(slots.map((name) => [`next_${name}`, next.slots[name]!])),
      };
    },
    {
      weights: shaped,
      gradient: shaped,
      ...Object.fromEntries(slots.map((name) => [name, shaped])),
      learningRate: single,
      step: single,
    },
  );
}

describe('update()', () => {
  it.each(oracle.cases.map((one) => [one.optimiser.kind, one] as const))(
    'takes the steps PyTorch takes: %s',
    async (_, one) => {
      const optimiser = one.optimiser as Optimiser;
      const loaded = await loadGraph(updateGraph(optimiser, one.start.length));
      let state: Record<string, readonly number[]> = {
        weights: one.start,
        ...Object.fromEntries(slotNames(optimiser).map((name) => [name, one.start.map(() => 0)])),
      };
      for (const [i, gradient] of one.gradients.entries()) {
        const vectors = Object.fromEntries(
          Object.entries({ ...state, gradient }).map(([name, data]) => [name, vector(data)]),
        );
        const outputs = await loaded.run({ ...vectors, learningRate: scalar(one.rates[i]!), step: scalar(i + 1) });
        state = Object.fromEntries(
          Object.entries(outputs).map(([name, { data }]) => [name.replace('next_', ''), data]),
        );
        one.after[i]!.forEach((weight, j) => expect(state['weights']![j]).toBeCloseTo(weight, 5));
      }
      await loaded.release();
    },
  );

  it('leaves weights alone at a learning rate of 0', () => {
    const optimiser: Optimiser = { kind: 'adamw', beta1: 0.9, beta2: 0.999, weightDecay: 0.1 };
    const zero = tf.zeros([2]) as Tensor1D;
    const { weights } = update(optimiser, {
      weights: tf.tensor1d([1, -2]),
      gradient: tf.tensor1d([3, 4]),
      slots: { mean: zero, variance: zero },
      learningRate: tf.scalar(0),
      step: tf.scalar(1),
    });
    expect([...weights.dataSync()]).toEqual([1, -2]);
  });
});
