import type { Calibration } from '@probity/core/schemas/round-artifacts';
import type { Graph } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { NetworkShape } from '../models/network-shape.js';
import { createNetwork } from '../models/network.js';
import { memberParameters } from './member-parameters.js';
import { createPredictor, type Predictor, type PredictorOptions } from './predictor.js';
import { calibratedProbabilities, type EnsembleOutput, type MemberScores } from './calibrated-probabilities.js';

export interface EnsembleModel {
  readonly model: NetworkShape['model'];
  readonly input: { readonly height: number; readonly width: number; readonly channels: 1 | 3 };
  readonly classCount: number;
  /** In the order of `calibration.committees`; each holds one flat weight vector a member. */
  readonly committees: readonly (readonly Float32Array[])[];
  readonly calibration: Calibration;
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
export const createEnsemble = (model: EnsembleModel, options: PredictorOptions): Promise<Predictor> =>
  createPredictor((imageCount) => ensembleGraph(model, imageCount), {
    ...options,
    input: model.input,
    title: `predict with ${model.committees.flat().length} networks`,
  });
