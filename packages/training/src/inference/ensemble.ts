import type { Calibration } from '@probity/core/schemas/round-artifacts';
import type { Graph } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { NetworkShape } from '../models/network-shape.js';
import { createNetwork } from '../models/network.js';
import { createImageBatches, type ImageBatchesRequest } from './image-batches.js';
import { memberParameters } from './member-parameters.js';
import { calibratedProbabilities, type EnsembleOutput, type MemberScores } from './calibrated-probabilities.js';

export interface EnsembleModel {
  readonly model: NetworkShape['model'];
  readonly input: { readonly height: number; readonly width: number; readonly channels: 1 | 3 };
  readonly classCount: number;
  /** In the order of `calibration.committees`; each holds one flat weight vector a member. */
  readonly committees: readonly (readonly Float32Array[])[];
  readonly calibration: Calibration;
}

export interface EnsemblePrediction {
  /** Shape (pixels, classes − 1), of one image, at the network's output size. */
  readonly probabilities: Float32Array;
  readonly uncalibrated: Float32Array;
}

export interface Ensemble {
  /** @param images Shape (count, height, width, channels), prepared. */
  predict(images: Float32Array, count: number): Promise<EnsemblePrediction[]>;
  dispose(): Promise<void>;
}

/** All members over prepared images, and the calibration of their votes, inside a traced function. */
export function predictEnsemble(ensemble: EnsembleModel, images: Tensor4D): EnsembleOutput {
  const network = createNetwork({
    model: ensemble.model,
    channels: ensemble.input.channels,
    classCount: ensemble.classCount,
  });
  const scores: MemberScores = ensemble.committees.map((members) =>
    memberParameters(network, members).map((parameter) => tf.softmax(network.logits(images, parameter))),
  );
  return calibratedProbabilities(scores, ensemble.calibration);
}

export function ensembleGraph(ensemble: EnsembleModel, batchSize: number): Graph {
  const { height, width, channels } = ensemble.input;
  return trace(({ images }) => ({ ...predictEnsemble(ensemble, images as Tensor4D) }), {
    images: { shape: [batchSize, height, width, channels], dtype: 'float32' },
  });
}

/** @param options `ranges`: of the convolutions of all committees, one committee behind the other; these are then in 8 bits. */
export async function createEnsemble(
  model: EnsembleModel,
  {
    engine,
    batchSize,
    ranges,
    onBatchHalved,
  }: Pick<ImageBatchesRequest, 'engine' | 'batchSize' | 'ranges' | 'onBatchHalved'>,
): Promise<Ensemble> {
  const { height, width, channels } = model.input;
  const batches = await createImageBatches({
    engine,
    graphOf: (imageCount) => ensembleGraph(model, imageCount),
    ranges,
    batchSize,
    imageLength: height * width * channels,
    title: `predict with ${model.committees.flat().length} networks`,
    onBatchHalved,
  });
  return {
    predict: async (images, count) => {
      const predictions: EnsemblePrediction[] = [];
      await batches.run(images, count, (outputs, batch) => {
        const { probabilities, uncalibrated } = outputs as Record<keyof EnsemblePrediction, Float32Array>;
        const size = probabilities.length / batch.size;
        for (let i = 0; i < batch.filled; i++) {
          predictions.push({
            probabilities: probabilities.slice(i * size, (i + 1) * size),
            uncalibrated: uncalibrated.slice(i * size, (i + 1) * size),
          });
        }
      });
      return predictions;
    },
    dispose: () => batches.dispose(),
  };
}
