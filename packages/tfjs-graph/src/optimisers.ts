import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor1D } from '@tensorflow/tfjs';

/** Loshchilov and Hutter 2019, arXiv 1711.05101. The decay is multiplied by the learning rate, as there. */
export interface AdamW {
  readonly kind: 'adamw';
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
}

/** Stochastic gradient descent with Nesterov momentum, in the form of Sutskever et al. 2013 that frameworks use. */
export interface SgdNesterov {
  readonly kind: 'sgd';
  readonly momentum: number;
  readonly weightDecay: number;
}

export type Optimiser = AdamW | SgdNesterov;

/** Names of the vectors an optimiser keeps beside the weights; all begin at zero. */
export function slotNames(optimiser: Optimiser): readonly string[] {
  return optimiser.kind === 'adamw' ? ['mean', 'variance'] : ['velocity'];
}

export interface UpdateInputs {
  readonly weights: Tensor1D;
  readonly gradient: Tensor1D;
  readonly slots: Readonly<Record<string, Tensor1D>>;
  readonly learningRate: Scalar;
  /** 1-based number of this step, for AdamW's bias correction. */
  readonly step: Scalar;
}

export interface Update {
  readonly weights: Tensor1D;
  readonly slots: Readonly<Record<string, Tensor1D>>;
}

const EPSILON = 1e-8;

/** One update over the flat weight vector, as tensor functions that can be traced. */
export function update(optimiser: Optimiser, inputs: UpdateInputs): Update {
  return optimiser.kind === 'adamw' ? adamW(optimiser, inputs) : nesterov(optimiser, inputs);
}

function adamW(
  { beta1, beta2, weightDecay }: AdamW,
  { weights, gradient, slots, learningRate, step }: UpdateInputs,
): Update {
  const mean = tf.add(tf.mul(slots['mean']!, beta1), tf.mul(gradient, 1 - beta1)) as Tensor1D;
  const variance = tf.add(tf.mul(slots['variance']!, beta2), tf.mul(tf.square(gradient), 1 - beta2)) as Tensor1D;
  const meanCorrection = tf.sub(1, tf.pow(tf.scalar(beta1), step));
  const varianceCorrection = tf.sub(1, tf.pow(tf.scalar(beta2), step));
  const rate = tf.div(learningRate, meanCorrection);
  const scale = tf.add(tf.div(tf.sqrt(variance), tf.sqrt(varianceCorrection)), EPSILON);
  const kept = tf.mul(weights, tf.sub(1, tf.mul(learningRate, weightDecay)));
  return { weights: tf.sub(kept, tf.mul(rate, tf.div(mean, scale))) as Tensor1D, slots: { mean, variance } };
}

function nesterov(
  { momentum, weightDecay }: SgdNesterov,
  { weights, gradient, slots, learningRate }: UpdateInputs,
): Update {
  const decayed = tf.add(gradient, tf.mul(weights, weightDecay));
  const velocity = tf.add(tf.mul(slots['velocity']!, momentum), decayed) as Tensor1D;
  const ahead = tf.add(decayed, tf.mul(velocity, momentum));
  return { weights: tf.sub(weights, tf.mul(learningRate, ahead)) as Tensor1D, slots: { velocity } };
}
