import { layParameters, unflatten } from '@probity/tfjs-graph/flat-parameters';
import { stateNames, trainingStep } from '@probity/tfjs-graph/training-step';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

// A network and its loss, as TensorFlow.js functions of one flat weight vector.
const layout = layParameters([
  { name: 'filter', shape: [3, 3, 1, 2] },
  { name: 'bias', shape: [2] },
]);
const loss = (weights, { images, classes }) => {
  const parameter = unflatten(weights, layout);
  const features = tf.relu(tf.conv2d(images, parameter('filter'), 1, 'same'));
  return tf.losses.softmaxCrossEntropy(tf.oneHot(classes, 2), tf.add(tf.mean(features, [1, 2]), parameter('bias')));
};

// Forward pass, gradient, clipping and update become one ONNX file.
const spec = {
  parameterCount: layout.parameterCount,
  batch: { images: { shape: [2, 8, 8, 1], dtype: 'float32' }, classes: { shape: [2], dtype: 'int32' } },
  loss,
  optimiser: { kind: 'adamw', beta1: 0.9, beta2: 0.999, weightDecay: 0.01 },
  gradientNormMax: 1,
};
const session = await InferenceSession.create(writeOnnx(trainingStep(spec)));

// Two images, smooth and striped; the state goes in and comes out.
const floats = (shape, at) =>
  new Tensor(
    'float32',
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => at(i)),
    shape,
  );
const images = floats([2, 8, 8, 1], (i) => (i < 64 ? 0.5 : i % 2));
const classes = new Tensor('int32', Int32Array.of(0, 1), [2]);
let state = Object.fromEntries(
  stateNames(spec).map((name) => [
    name,
    floats([layout.parameterCount], (i) => (name === 'weights' ? Math.sin(i) / 3 : 0)),
  ]),
);
export const losses = [];
for (let step = 1; step <= 100; step++) {
  const results = await session.run({
    ...state,
    images,
    classes,
    learningRate: floats([], () => 0.05),
    step: floats([], () => step),
  });
  state = Object.fromEntries(stateNames(spec).map((name) => [name, results[`next_${name}`]]));
  losses.push(results.loss.data[0]);
}
console.log(`loss ${losses[0].toFixed(3)}, after 100 steps ${losses.at(-1).toFixed(3)}`);
