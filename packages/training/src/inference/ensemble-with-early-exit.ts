import { extremesOf } from '@probity/core/calibration/early-exit';
import { votedClass } from '@probity/tfjs-graph/inference';
import type { Graph } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { createNetwork } from '../models/network.js';
import { calibratedProbabilities, type MemberLogits } from './calibrated-probabilities.js';
import { createEnsemble, type EnsembleModel } from './ensemble.js';
import { createImageBatches } from './image-batches.js';
import { memberParameters } from './member-parameters.js';
import type { Prediction, Predictor, PredictorOptions } from './predictor.js';

/**
 * The members of the least and the greatest operating point of every committee, as if all members in between voted with
 * them. Outputs `probabilities`, as the ensemble's, and `agrees`, 1 for each image on which they all vote alike at every
 * pixel: there the probabilities are those of the ensemble.
 */
export function extremesGraph(ensemble: EnsembleModel, batchSize: number): Graph {
  const { model, classCount, committees, calibration } = ensemble;
  const { height, width, channels } = ensemble.input;
  const { least, greatest } = extremesOf(calibration.operatingPoints);
  const network = createNetwork({ model, channels, classCount });
  return trace(
    ({ images }) => {
      const ends = committees.map((members) =>
        memberParameters(network, [members[least]!, members[greatest]!]).map((parameter) =>
          network.logits(images as Tensor4D, parameter),
        ),
      );
      const logits: MemberLogits = ends.map(([low, high]) =>
        calibration.operatingPoints.map((_, member) => (member === greatest ? high! : low!)),
      );
      const votes = ends.flat().map((member) => votedClass(member));
      return { probabilities: calibratedProbabilities(logits, calibration), agrees: agreement(votes) };
    },
    { images: { shape: [batchSize, height, width, channels], dtype: 'float32' } },
  );
}

/** @param votes Shape (n, h, w) each. @returns int32, (n,). */
function agreement(votes: readonly Tensor[]): Tensor {
  const [first, ...others] = votes;
  const alike = others.map((vote) => tf.cast(tf.equal(vote, first!), 'int32'));
  return tf.min(tf.equal(tf.addN(alike), tf.scalar(others.length, 'int32')).cast('int32'), [1, 2]);
}

/**
 * An ensemble that lets the extremes of its committees see every image first, and all members only those on which the
 * extremes disagree. It says nothing of what is before calibration. Give it several batches at once: what is left of them is
 * joined into full ones.
 *
 * @throws {ProbityError} As `createEnsemble`.
 */
export async function createEnsembleWithEarlyExit(
  ensemble: EnsembleModel,
  options: Omit<PredictorOptions, 'ranges'>,
): Promise<Predictor> {
  const { height, width, channels } = ensemble.input;
  const imageLength = height * width * channels;
  const networks = 2 * ensemble.committees.length;
  const extremes = await createImageBatches({
    ...options,
    graphOf: (imageCount) => extremesGraph(ensemble, imageCount),
    imageLength,
    title: `predict with ${networks} networks`,
  });
  const whole = await createEnsemble(ensemble, options);

  return {
    predict: async (images, count) => {
      const predictions: Prediction[] = [];
      const staying: number[] = [];
      await extremes.run(images, count, (outputs, { size, filled }) => {
        const probabilities = outputs['probabilities'] as Float32Array;
        const length = probabilities.length / size;
        for (let i = 0; i < filled; i++) {
          if (outputs['agrees']![i] === 0) staying.push(predictions.length);
          predictions.push({ probabilities: probabilities.slice(i * length, (i + 1) * length), leftEarly: true });
        }
      });
      const joined = new Float32Array(staying.length * imageLength);
      for (const [place, i] of staying.entries())
        joined.set(images.subarray(i * imageLength, (i + 1) * imageLength), place * imageLength);
      const rest = await whole.predict(joined, staying.length);
      for (const [place, i] of staying.entries()) predictions[i] = rest[place]!;
      return predictions;
    },
    dispose: async () => {
      await Promise.all([extremes.dispose(), whole.dispose()]);
    },
  };
}
