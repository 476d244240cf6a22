import type { Graph } from '@probity/tfjs-graph/graph';
import { createImageBatches, type ImageBatchesRequest } from './image-batches.js';

/** What is said of one image, at the network's output size. */
export interface Prediction {
  /** Of each foreground class, shape (pixels, classes − 1). */
  readonly probabilities: Float32Array;
  /** The same before calibration; absent where nothing is calibrated or it was not asked for. */
  readonly uncalibrated?: Float32Array;
  /** Some members never saw the image, since the others left no doubt. */
  readonly leftEarly?: boolean;
}

export interface Predictor {
  /** @param images Shape (count, height, width, channels), prepared. */
  predict(images: Float32Array, count: number): Promise<Prediction[]>;
  dispose(): Promise<void>;
}

export type PredictorOptions = Pick<
  ImageBatchesRequest,
  'engine' | 'batchSize' | 'ranges' | 'threads' | 'onBatchHalved'
>;

/**
 * Predicts any number of images, batch by batch.
 *
 * @param graphOf For so many images: from `images` to the vectors of a `Prediction`, images first.
 * @throws {ProbityError} As `createImageBatches`.
 */
export async function createPredictor(
  graphOf: (imageCount: number) => Graph,
  {
    input: { height, width, channels },
    ...request
  }: PredictorOptions & {
    readonly input: { readonly height: number; readonly width: number; readonly channels: number };
    readonly title: string;
  },
): Promise<Predictor> {
  const batches = await createImageBatches({ ...request, graphOf, imageLength: height * width * channels });
  return {
    predict: async (images, count) => {
      const predictions: Prediction[] = [];
      await batches.run(images, count, (outputs, { size, filled }) => {
        for (let i = 0; i < filled; i++) predictions.push(imageOf(outputs as unknown as Prediction, i, size));
      });
      return predictions;
    },
    dispose: () => batches.dispose(),
  };
}

function imageOf({ probabilities, uncalibrated }: Prediction, i: number, batchSize: number): Prediction {
  const size = probabilities.length / batchSize;
  const part = (vector: Float32Array) => vector.subarray(i * size, (i + 1) * size);
  return { probabilities: part(probabilities), ...(uncalibrated && { uncalibrated: part(uncalibrated) }) };
}
