import { createRandom } from '@probity/core/numerics/random';
import { sizeOf, type Graph, type Numbers } from '@probity/tfjs-graph/graph';
import { trainingGraph } from '../compile-step.js';
import type { StatefulExecutable } from './engine.js';

const SIDE = 32;

/** State of the small step. */
export const SMALL_STATE = ['weights', 'velocity'] as const;

/** One training step of a U-Net just large enough that every form of an operation takes part. */
export function smallStep(): Graph {
  return trainingGraph({
    height: SIDE,
    width: SIDE,
    labelHeight: SIDE,
    labelWidth: SIDE,
    channels: 1,
    classCount: 2,
    model: { kind: 'unet', baseWidth: 16, depth: 2, normalisation: 'instance' },
    training: {
      batchSize: 2,
      gradientNormMax: 1e6,
      optimiser: { kind: 'sgd', momentum: 0, weightDecay: 0 },
      weightAverage: { kind: 'none' },
    },
  });
}

/**
 * The gradient at the weights behind a first step, from the same numbers each time: without momentum the velocity is the
 * gradient. Disposes of the step.
 *
 * @param step What `graph`, the small step, was compiled to.
 */
export async function gradientOfSmallStep(graph: Graph, step: StatefulExecutable): Promise<Float32Array> {
  try {
    const { weights, velocity, ...feeds } = testFeeds(graph);
    await step.load({ weights: weights!, velocity: velocity! });
    for (let done = 0; done < 2; done += step.stepsAtOnce)
      await step.run(Array.from({ length: Math.min(step.stepsAtOnce, 2) }, () => feeds));
    return (await step.read())['velocity'] as Float32Array;
  } finally {
    await step.dispose();
  }
}

/** For every input numbers that are the same each time; the velocity is that of a state at rest. */
function testFeeds({ inputs }: Graph): Record<string, Numbers> {
  return Object.fromEntries(
    inputs.map(({ name, value: { shape, dtype } }) => {
      const random = createRandom(0, 'self-test', name);
      const numbers = Array.from({ length: sizeOf(shape) }, () =>
        dtype === 'int32' ? random.integer(2) : name === 'velocity' ? 0 : 0.2 * random.normal(),
      );
      return [name, dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers)];
    }),
  );
}

/** In the Euclidean norm; infinite where a number is not one. */
export function relativeError(vector: Float32Array, expected: Float32Array): number {
  const error = normOf(expected.map((value, i) => value - vector[i]!)) / normOf(expected);
  return Number.isNaN(error) ? Infinity : error;
}

const normOf = (vector: Float32Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
