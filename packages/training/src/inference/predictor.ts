import type { Graph } from '@probity/tfjs-graph/graph';
import type { Engine } from '../engine/engine.js';

/** What is said of one image, at the network's output size. */
export interface Prediction {
  /** Of each foreground class, shape (pixels, classes − 1). */
  readonly probabilities: Float32Array;
  /** The same before calibration; absent where nothing is calibrated. */
  readonly uncalibrated?: Float32Array;
}

export interface Predictor {
  /** @param images Shape (count, height, width, channels), prepared. */
  predict(images: Float32Array, count: number): Promise<Prediction[]>;
  dispose(): Promise<void>;
}

/**
 * Predicts any number of images with a graph for a batch of them.
 *
 * @param graph From `images` (batch, height, width, channels) to the vectors of a `Prediction`, batch first.
 * @throws {ProbityError} `ENGINE_UNAVAILABLE`
 */
export async function createPredictor(graph: Graph, engine: Engine): Promise<Predictor> {
  const [batchSize, ...image] = graph.inputs.find(({ name }) => name === 'images')!.value.shape as [
    number,
    ...number[],
  ];
  const imageSize = image.reduce((a, b) => a * b);
  const executable = await engine.compile(graph);
  return {
    predict: async (images, count) => {
      const predictions: Prediction[] = [];
      for (let first = 0; first < count; first += batchSize) {
        const filled = Math.min(batchSize, count - first);
        const batch = new Float32Array(batchSize * imageSize);
        batch.set(images.subarray(first * imageSize, (first + filled) * imageSize));
        const results = (await executable.run({ images: batch })) as unknown as Prediction;
        for (let i = 0; i < filled; i++) predictions.push(imageOf(results, i, batchSize));
      }
      return predictions;
    },
    dispose: () => executable.dispose(),
  };
}

function imageOf({ probabilities, uncalibrated }: Prediction, i: number, batchSize: number): Prediction {
  const size = probabilities.length / batchSize;
  const part = (vector: Float32Array) => vector.slice(i * size, (i + 1) * size);
  return { probabilities: part(probabilities), ...(uncalibrated && { uncalibrated: part(uncalibrated) }) };
}
