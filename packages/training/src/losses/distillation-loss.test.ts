import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { distillationLossOf, distillationSums } from './distillation-loss.js';
import oracle from './distillation-loss.oracle.json' with { type: 'json' };

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

interface Inputs {
  /** Shape (pixels, classes). */
  readonly logits: readonly number[];
  readonly targets: readonly number[];
  readonly classCount: number;
}

/** The loss and its gradient at the logits, as the engine computes them. */
async function evaluate({ logits, targets, classCount }: Inputs): Promise<{ loss: number; gradient: Float32Array }> {
  const shape = [1, 1, logits.length / classCount, classCount];
  const graph = trace(
    (inputs) => {
      const targetsOf = inputs['targets'] as Tensor4D;
      const lossAt = (at: Tensor) =>
        distillationLossOf(distillationSums({ logits: at as Tensor4D, targets: targetsOf }));
      return { loss: lossAt(inputs['logits']!), gradient: tf.grad(lossAt)(inputs['logits']!) };
    },
    { logits: { shape, dtype: 'float32' }, targets: { shape, dtype: 'float32' } },
  );
  const executable = await engine.compile(graph);
  try {
    const results = await executable.run({
      logits: Float32Array.from(logits),
      targets: Float32Array.from(targets),
    });
    return { loss: results['loss']![0]!, gradient: results['gradient'] as Float32Array };
  } finally {
    await executable.dispose();
  }
}

describe('distillationLossOf()', () => {
  it.each(oracle.cases)('is what numpy gives in double precision: $name', async (expected) => {
    const { loss, gradient } = await evaluate(expected);
    expect(Math.abs(loss - expected.loss)).toBeLessThanOrEqual(1e-5 * Math.max(1, expected.loss));
    expected.gradient.forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 6));
  });

  it('is smallest where the probabilities are the targets: there the gradient is nothing', async () => {
    const targets = [0.7, 0.2, 0.1, 0.05, 0.05, 0.9];
    const at = await evaluate({ logits: targets.map(Math.log), targets, classCount: 3 });
    for (const slope of at.gradient) expect(slope).toBeCloseTo(0, 6);
    for (const [i, step] of [
      [0, 0.1],
      [2, -0.1],
      [5, 0.2],
    ] as const) {
      const logits = targets.map(Math.log).map((value, j) => (i === j ? value + step : value));
      expect((await evaluate({ logits, targets, classCount: 3 })).loss).toBeGreaterThan(at.loss);
    }
  });
});
