import type { Graph } from '@probity/tfjs-graph/graph';
import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { NetworkShape } from '../models/network-shape.js';
import { createNetwork } from '../models/network.js';
import { memberParameters } from './member-parameters.js';
import { createPredictor, type Predictor, type PredictorOptions } from './predictor.js';

export interface StudentModel {
  readonly model: NetworkShape['model'];
  readonly input: { readonly height: number; readonly width: number; readonly channels: 1 | 3 };
  readonly classCount: number;
  /** The flat weight vector. */
  readonly weights: Float32Array;
}

/** The student's softmax of each foreground class over prepared images, (n, h, w, classes − 1), inside a traced function. */
export function predictStudent({ model, input, classCount, weights }: StudentModel, images: Tensor4D): Tensor4D {
  const network = createNetwork({ model, channels: input.channels, classCount });
  const [parameter] = memberParameters(network, [weights]);
  const softmax = tf.softmax(network.logits(images, parameter!));
  const [n, h, w] = softmax.shape;
  return tf.slice(softmax, [0, 0, 0, 1], [n, h, w, classCount - 1]);
}

function studentGraph(student: StudentModel, batchSize: number): Graph {
  const { height, width, channels } = student.input;
  return trace(({ images }) => ({ probabilities: predictStudent(student, images as Tensor4D) }), {
    images: { shape: [batchSize, height, width, channels], dtype: 'float32' },
  });
}

/** A student's softmax is used as it comes: its predictions have nothing uncalibrated. */
export const createStudent = (student: StudentModel, options: PredictorOptions): Promise<Predictor> =>
  createPredictor((imageCount) => studentGraph(student, imageCount), {
    ...options,
    input: student.input,
    title: 'predict with the student',
  });
