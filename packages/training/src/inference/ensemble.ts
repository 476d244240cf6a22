import type { Calibration } from '@probity/core/schemas/round-artifacts';
import type { Graph } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { NetworkShape } from '../models/network-shape.js';
import { createNetwork } from '../models/network.js';
import { memberParameters } from './member-parameters.js';
import { createPredictor, type Predictor, type PredictorOptions } from './predictor.js';
import { calibratedProbabilities, uncalibratedProbabilities, type MemberLogits } from './calibrated-probabilities.js';

export interface EnsembleModel {
  readonly model: NetworkShape['model'];
  readonly input: { readonly height: number; readonly width: number; readonly channels: 1 | 3 };
  readonly classCount: number;
  /** In the order of `calibration.committees`; each holds one flat weight vector a member. */
  readonly committees: readonly (readonly Float32Array[])[];
  readonly calibration: Calibration;
}

/** Logits of all members over prepared images, inside a traced function. */
function memberLogits({ model, input, classCount, committees }: EnsembleModel, images: Tensor4D): MemberLogits {
  const network = createNetwork({ model, channels: input.channels, classCount });
  return committees.map((members) =>
    memberParameters(network, members).map((parameter) => network.logits(images, parameter)),
  );
}

/** Calibrated probability of each foreground class over prepared images, (n, h, w, classes − 1), inside a traced function. */
export const predictEnsemble = (ensemble: EnsembleModel, images: Tensor4D): Tensor4D =>
  calibratedProbabilities(memberLogits(ensemble, images), ensemble.calibration);

export interface EnsembleOutputs {
  /** Also what the ensemble says before calibration; it costs a softmax a member. */
  readonly withUncalibrated?: boolean;
}

/** Outputs `probabilities`, and `uncalibrated` where it is asked for. */
export function ensembleGraph(
  ensemble: EnsembleModel,
  batchSize: number,
  { withUncalibrated = false }: EnsembleOutputs = {},
): Graph {
  const { height, width, channels } = ensemble.input;
  return trace(
    ({ images }) => {
      const logits = memberLogits(ensemble, images as Tensor4D);
      const probabilities = calibratedProbabilities(logits, ensemble.calibration);
      return { probabilities, ...(withUncalibrated && { uncalibrated: uncalibratedProbabilities(logits) }) };
    },
    { images: { shape: [batchSize, height, width, channels], dtype: 'float32' } },
  );
}

/** @param options `ranges`: of the convolutions of all committees, one committee behind the other; these are then in 8 bits. */
export const createEnsemble = (
  model: EnsembleModel,
  { withUncalibrated = false, ...options }: PredictorOptions & EnsembleOutputs,
): Promise<Predictor> =>
  createPredictor((imageCount) => ensembleGraph(model, imageCount, { withUncalibrated }), {
    ...options,
    input: model.input,
    title: `predict with ${model.committees.flat().length} networks`,
  });
