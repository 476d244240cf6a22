import { createRandom } from '@probity/core/numerics/random';
import { sizeOf, type Graph, type Numbers } from '@probity/tfjs-graph/graph';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import { trainingGraph } from '../../compile-step.js';
import { withHostState } from '../host-state.js';
import { BusyClock } from './busy-clock.js';
import type { CompileSteps, Form } from './form.js';
import type { OnnxRuntime } from './onnx-library.js';
import { executableOf, OnnxSession } from './onnx-session.js';

const SIDE = 32;

/** Two formulations of one step differ by rounding, some 1e-6; wrong ones, and one that begins at another state, by 0.05 or more. */
const ERROR_MAX = 1e-3;

type TestedForm = Pick<Form, 'onnx' | 'options' | 'compileSteps'>;

const PLAIN_ON_CPU: TestedForm = { onnx: {}, options: { executionProviders: ['cpu'] } };

/**
 * What a form does wrong on this machine, as the end of a sentence; undefined where a small training step gives the same
 * gradient, twice in a row, as by standard operators on the CPU.
 */
export async function faultOf(library: OnnxRuntime, form: TestedForm): Promise<string | undefined> {
  try {
    const graph = smallStep();
    const expected = await gradientOf(graph, library, PLAIN_ON_CPU);
    const error = relativeError(await gradientOf(graph, library, form), expected);
    return error <= ERROR_MAX ? undefined : `failed the self-test with a relative error of ${error.toPrecision(2)}`;
  } catch (cause) {
    return `did not run: ${messageOf(cause)}`;
  }
}

export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** State of `smallStep`. */
const SMALL_STATE = ['weights', 'velocity'] as const;

/** One training step of a U-Net just large enough that every blocked form takes part. */
function smallStep(): Graph {
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

/** In the Euclidean norm; infinite where a number is not one. */
function relativeError(vector: Float32Array, expected: Float32Array): number {
  const error = normOf(expected.map((value, i) => value - vector[i]!)) / normOf(expected);
  return Number.isNaN(error) ? Infinity : error;
}

const normOf = (vector: Float32Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** At the weights behind a first step: without momentum the velocity is the gradient. */
async function gradientOf(
  graph: Graph,
  library: OnnxRuntime,
  { onnx, options, compileSteps = withStateOnHost }: TestedForm,
): Promise<Float32Array> {
  const quiet = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const open = OnnxSession.opener(library, new BusyClock(), { ...quiet, ...options });
  const step = await compileSteps(graph, SMALL_STATE, { open, onnx });
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

const withStateOnHost: CompileSteps = async (graph, names, { open, onnx }) =>
  withHostState(executableOf(graph, await open(writeOnnx(graph, onnx))), names);

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
