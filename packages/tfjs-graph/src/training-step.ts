import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs';
import type { Graph } from './graph.js';
import { slotNames, update, type Optimiser } from './optimisers.js';
import { trace, type InputSpec, type TensorRecord } from './trace.js';

/** How a gradient becomes the next weights. */
export interface UpdateSpec {
  /** Length of the flat weight vector. */
  readonly parameterCount: number;
  readonly optimiser: Optimiser;
  /** Gradients with a larger Euclidean norm are scaled down to it. */
  readonly gradientNormMax: number;
  /** So many weights at the beginning of the vector stay what they are; none unless told. */
  readonly frozenCount?: number;
  /** Decay of an exponential moving average of the weights, kept in `average`; absent: none is kept. */
  readonly weightAverageDecay?: number;
}

export interface TrainingStepSpec extends UpdateSpec {
  readonly loss: (weights: Tensor1D, batch: TensorRecord) => Tensor;
  /** Everything the loss needs besides the weights: images, labels, random numbers, operating points. */
  readonly batch: Readonly<Record<string, InputSpec>>;
}

/** Names of the vectors that go into a step and come out of it as `next_…`: weights, optimiser slots, average. */
export function stateNames({
  optimiser,
  weightAverageDecay,
}: Pick<UpdateSpec, 'optimiser' | 'weightAverageDecay'>): readonly string[] {
  return ['weights', ...slotNames(optimiser), ...(weightAverageDecay === undefined ? [] : ['average'])];
}

/** The state vectors, `learningRate` and `step`. */
export function updateInputs(spec: UpdateSpec): Record<string, InputSpec> {
  const vector: InputSpec = { shape: [spec.parameterCount], dtype: 'float32' };
  const scalar: InputSpec = { shape: [], dtype: 'float32' };
  return {
    ...Object.fromEntries(stateNames(spec).map((name) => [name, vector])),
    learningRate: scalar,
    step: scalar,
  };
}

/**
 * One training step as one graph: forward, backward, clipping, update.
 *
 * Inputs: the state vectors (`stateNames`), `learningRate` and `step` (scalars, step 1-based, float32), and the batch.
 * Outputs: `next_<state>` for each state vector, `loss` and `gradientNorm` (before clipping), scalars.
 */
export function trainingStep(spec: TrainingStepSpec): Graph {
  const inputs = { ...updateInputs(spec), ...spec.batch };
  return trace((record) => {
    const { value, grad } = tf.valueAndGrad((weights: Tensor) => spec.loss(weights as Tensor1D, record) as Scalar)(
      record['weights']!,
    );
    return { ...updateState(spec, record, grad as Tensor1D), loss: value };
  }, inputs);
}

/**
 * Clips a gradient and takes one step along it, inside a traced function.
 *
 * @param record Has the state vectors, `learningRate` and `step`.
 * @returns `next_<state>` for each state vector, and `gradientNorm`.
 */
export function updateState(spec: UpdateSpec, record: TensorRecord, gradient: Tensor1D): TensorRecord {
  const weights = record['weights'] as Tensor1D;
  const gradientNorm = tf.sqrt(tf.sum(tf.square(gradient)));
  const factor = tf.minimum(tf.div(spec.gradientNormMax, tf.add(gradientNorm, 1e-12)), 1);
  const next = update(spec.optimiser, {
    weights,
    gradient: tf.mul(gradient, factor) as Tensor1D,
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
    gradientNorm,
  };
}

/** Weight decay and the momentum of former gradients would move what has no gradient. */
const keepFirst = (former: Tensor1D, next: Tensor1D, count: number): Tensor1D =>
  count === 0 ? next : tf.concat([tf.slice(former, [0], [count]), tf.slice(next, [count])]);

const averaged = (average: Tensor, weights: Tensor, decay: number): Tensor =>
  tf.add(tf.mul(average, decay), tf.mul(weights, 1 - decay));
