import { createRandom } from '@probity/core/numerics/random';
import { sizeOf, type Graph, type Value } from '@probity/tfjs-graph/graph';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { trainingGraph } from '../../compile-step.js';
import type { Form } from './form.js';
import type { OnnxRuntime } from './onnx-library.js';

const SIDE = 32;

/** Two formulations of one step differ by rounding, some 1e-6; wrong ones by 1. */
const ERROR_MAX = 1e-3;

/**
 * What a form does wrong on this machine, as the end of a sentence; undefined where a small training step gives the same
 * gradient as by standard operators on the CPU.
 */
export async function faultOf(
  library: OnnxRuntime,
  form: Pick<Form, 'write' | 'options'>,
): Promise<string | undefined> {
  try {
    const error = await relativeErrorOf(library, form);
    return error <= ERROR_MAX ? undefined : `failed the self-test with a relative error of ${error.toPrecision(2)}`;
  } catch (cause) {
    return `did not run: ${messageOf(cause)}`;
  }
}

export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

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

/** How far the gradient of a small training step is from that of the plain form, relative in the Euclidean norm. */
async function relativeErrorOf(
  library: OnnxRuntime,
  { write, options }: Pick<Form, 'write' | 'options'>,
): Promise<number> {
  const graph = smallStep();
  const plain = await velocityOf(library, graph, { bytes: writeOnnx(graph), options: { executionProviders: ['cpu'] } });
  const formed = await velocityOf(library, graph, { bytes: write(graph), options });
  const error = normOf(plain.map((value, i) => value - formed[i]!)) / normOf(plain);
  return Number.isNaN(error) ? Infinity : error;
}

const normOf = (vector: Float32Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** After a first step from rest the velocity is the gradient. */
async function velocityOf(
  library: OnnxRuntime,
  graph: Graph,
  { bytes, options }: { bytes: Uint8Array; options: InferenceSession.SessionOptions },
): Promise<Float32Array> {
  const quiet = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const session = await library.InferenceSession.create(bytes, { ...quiet, ...options });
  const feeds = Object.fromEntries(graph.inputs.map(({ name, value }) => [name, feed(library, name, value)]));
  const known = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name));
  const results = await session.run(Object.fromEntries(known));
  await session.release();
  return (results['next_velocity'] as Tensor).data as Float32Array;
}

function feed({ Tensor: OnnxTensor }: OnnxRuntime, name: string, { shape, dtype }: Value): Tensor {
  const random = createRandom(0, 'self-test', name);
  const numbers = Array.from({ length: sizeOf(shape) }, () =>
    dtype === 'int32' ? random.integer(2) : name === 'velocity' ? 0 : 0.2 * random.normal(),
  );
  return dtype === 'int32'
    ? new OnnxTensor('int32', Int32Array.from(numbers), [...shape])
    : new OnnxTensor('float32', Float32Array.from(numbers), [...shape]);
}
