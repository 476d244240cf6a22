import { trainingStep, stateNames } from '@probity/tfjs-graph/training-step';
import { savedModelTensors, writeSavedModel } from '@probity/tfjs-graph/write-saved-model';
import * as tf from '@tensorflow/tfjs';

// A straight line through points.
const spec = {
  parameterCount: 2,
  batch: { x: { shape: [16], dtype: 'float32' }, y: { shape: [16], dtype: 'float32' } },
  loss: (weights, { x, y }) => {
    const [slope, offset] = tf.split(weights, 2);
    return tf.mean(tf.squaredDifference(tf.add(tf.mul(x, slope), offset), y));
  },
  optimiser: { kind: 'sgd', momentum: 0.9, weightDecay: 0 },
  gradientNormMax: 1,
};
export const step = trainingStep(spec);
export const options = { state: stateNames(spec) };

// To be written into one folder; then feed `load` once, `run` every step, and `read` when the weights are wanted.
export const files = writeSavedModel(step, options);
export const { load, run, read } = savedModelTensors(step, options);
console.log(`feed ${run.inputs.x.tensor}, fetch ${run.outputs.loss.tensor}`);
