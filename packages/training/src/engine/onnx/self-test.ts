import { createRandom } from '@probity/core/numerics/random';
import { sizeOf, type Graph, type Value } from '@probity/tfjs-graph/graph';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import type { Tensor } from 'onnxruntime-common';
import { trainingGraph } from '../../compile-step.js';
import type { OnnxRuntime } from './onnx-library.js';

const SIDE = 32;

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

/**
 * How far the gradient of a small training step in blocks is from that of the plain formulation, relative in the Euclidean
 * norm: some 1e-6 where the block is the machine's, about 1 where it is not.
 */
export async function relativeErrorOfBlocks(library: OnnxRuntime, channelBlock: number): Promise<number> {
  const graph = smallStep();
  const plain = await velocityOf(library, graph, writeOnnx(graph));
  const blocked = await velocityOf(library, graph, writeOnnx(graph, { channelBlock }));
  const error = normOf(plain.map((value, i) => value - blocked[i]!)) / normOf(plain);
  return Number.isNaN(error) ? Infinity : error;
}

const normOf = (vector: Float32Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** After a first step from rest the velocity is the gradient. */
async function velocityOf(library: OnnxRuntime, graph: Graph, bytes: Uint8Array): Promise<Float32Array> {
  const session = await library.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
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
