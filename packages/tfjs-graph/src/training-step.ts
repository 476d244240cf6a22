import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs';
import type { Graph } from './graph.js';
import { slotNames, update, type Optimiser } from './optimisers.js';
import { trace, type InputSpec, type TensorRecord } from './trace.js';

export interface TrainingStepSpec {
  /** Length of the flat weight vector. */
  readonly parameterCount: number;
  readonly loss: (weights: Tensor1D, batch: TensorRecord) => Tensor;
  /** Everything the loss needs besides the weights: images, labels, random numbers, operating points. */
  readonly batch: Readonly<Record<string, InputSpec>>;
  readonly optimiser: Optimiser;
  /** Gradients with a larger Euclidean norm are scaled down to it. */
  readonly gradientNormMax: number;
  /** So many weights at the beginning of the vector stay what they are; none unless told. */
  readonly frozenCount?: number;
  /** Decay of an exponential moving average of the weights, kept in `average`; absent: none is kept. */
  readonly weightAverageDecay?: number;
}

/** Names of the vectors that go into a step and come out of it as `next_…`: weights, optimiser slots, average. */
export function stateNames({
  optimiser,
  weightAverageDecay,
}: Pick<TrainingStepSpec, 'optimiser' | 'weightAverageDecay'>): readonly string[] {
  return ['weights', ...slotNames(optimiser), ...(weightAverageDecay === undefined ? [] : ['average'])];
}

/**
 * One training step as one graph: forward, backward, clipping, update.
 *
 * Inputs: the state vectors (`stateNames`), `learningRate` and `step` (scalars, step 1-based, float32), and the batch.
 * Outputs: `next_<state>` for each state vector, `loss` and `gradientNorm` (before clipping), scalars.
 */
export function trainingStep(spec: TrainingStepSpec): Graph {
  const names = stateNames(spec);
  const vector: InputSpec = { shape: [spec.parameterCount], dtype: 'float32' };
  const scalar: InputSpec = { shape: [], dtype: 'float32' };
  const inputs = {
    ...Object.fromEntries(names.map((name) => [name, vector])),
    learningRate: scalar,
    step: scalar,
    ...spec.batch,
  };

  return trace((record) => {
    const weights = record['weights'] as Tensor1D;
    const { value, grad } = tf.valueAndGrad((candidate: Tensor) => spec.loss(candidate as Tensor1D, record) as Scalar)(
      weights,
    );
    const gradientNorm = tf.sqrt(tf.sum(tf.square(grad)));
    const factor = tf.minimum(tf.div(spec.gradientNormMax, tf.add(gradientNorm, 1e-12)), 1);
    const next = update(spec.optimiser, {
      weights,
      gradient: tf.mul(grad, factor) as Tensor1D,
      slots: Object.fromEntries(slotNames(spec.optimiser).map((name) => [name, record[name] as Tensor1D])),
      learningRate: record['learningRate'] as Scalar,
      step: record['step'] as Scalar,
    });
    const nextWeights = keepFirst(weights, next.weights, spec.frozenCount ?? 0);
    return {
      next_weights: nextWeights,
      ...Object.fromEntries(Object.entries(next.slots).map(([name, slot]) => [`next_${name}`, slot])),
      ...(spec.weightAverageDecay !== undefined && {
        next_average: averaged(record['average']!, nextWeights, spec.weightAverageDecay),
      }),
      loss: value,
      gradientNorm,
    };
  }, inputs);
}

/** Weight decay and the momentum of former gradients would move what has no gradient. */
const keepFirst = (former: Tensor1D, next: Tensor1D, count: number): Tensor1D =>
  count === 0 ? next : tf.concat([tf.slice(former, [0], [count]), tf.slice(next, [count])]);

const averaged = (average: Tensor, weights: Tensor, decay: number): Tensor =>
  tf.add(tf.mul(average, decay), tf.mul(weights, 1 - decay));
