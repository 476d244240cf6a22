import { resize, standardise } from '@probity/tfjs-graph/inference';
import type { DataType, Graph } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { NetworkShape } from '../models/network-shape.js';
import { predictEnsemble, type EnsembleModel } from './ensemble.js';
import type { ImageSize } from './prepare-images.js';
import { predictStudent, type StudentModel } from './student.js';

/** The images that a release takes. */
export interface ReleaseSource extends ImageSize {
  readonly batchSize: number;
  readonly dtype: Extract<DataType, 'uint8' | 'float32'>;
}

/** What is released: an ensemble with its calibration, or a student. */
export interface ReleasedModel {
  readonly kind: NetworkShape['model']['kind'];
  readonly input: EnsembleModel['input'];
  /** From prepared images to the probability of each foreground class, inside a traced function. */
  readonly probabilities: (images: Tensor4D) => Tensor4D;
}

export const releasedEnsemble = (ensemble: EnsembleModel): ReleasedModel => ({
  kind: ensemble.model.kind,
  input: ensemble.input,
  probabilities: (images) => predictEnsemble(ensemble, images),
});

export const releasedStudent = (student: StudentModel): ReleasedModel => ({
  kind: student.model.kind,
  input: student.input,
  probabilities: (images) => predictStudent(student, images),
});

/**
 * The whole inference of a model as one graph for images of one size: resize and normalise, the networks, for an
 * ensemble votes and calibration, back to the image's size.
 *
 * Input `image`: (batch, height, width, channels), bytes or float32 as decoded. Output `probabilities`: that of each
 * foreground class, (batch, height, width, classes − 1); a classifier gives (batch, 1, 1, classes − 1).
 */
export function releaseGraph({ kind, input, probabilities }: ReleasedModel, source: ReleaseSource): Graph {
  const { batchSize, height, width, dtype } = source;
  return trace(
    ({ image }) => {
      const predicted = probabilities(standardise(resize(image as Tensor4D, input)));
      const maps = kind === 'unet' ? resize(predicted, source) : predicted;
      return { probabilities: tf.clipByValue(maps, 0, 1) };
    },
    { image: { shape: [batchSize, height, width, input.channels], dtype } },
  );
}

/** The release graph as an ONNX file of standard operators, for any runtime and any machine. */
export const releaseFile = (model: ReleasedModel, source: ReleaseSource): Uint8Array =>
  writeOnnx(releaseGraph(model, source), { graphName: 'release', producer: 'probity' });
