import type { GraphNode } from '../graph.js';
import type { OnnxBuilder, Operation } from '../operation.js';
import { sameAs } from './families/elementwise.js';
import { grow } from './families/grow.js';
import { poolWindow, tensorFlowPooling, type Window } from './families/pooling.js';
import { windowAttributes } from './families/convolution.js';

/** True where the windows meet each pixel once. */
export const tilesImage = (window: Window): boolean =>
  window.every(
    ({ stride, kernel, input, output, padBefore, padAfter }) =>
      stride === kernel && output * kernel === input && padBefore + padAfter === 0,
  );

/** Windows that tile the image meet each pixel once: the gradient goes where the pixel equals its window's maximum. */
function byComparison(node: GraphNode, onnx: OnnxBuilder, [h, w]: Window): string {
  const [dy, input, output] = node.inputs.map((value) => onnx.read(value, 'channels-first')) as [
    string,
    string,
    string,
  ];
  const size = [h.kernel, w.kernel] as const;
  const mask = onnx.emit('Cast', [onnx.emit('Equal', [input, grow(output, size, onnx)])], { to: 1 });
  const shareOfWindow = onnx.emit('AveragePool', [mask], { kernel_shape: size, strides: size });
  const tied = onnx.emit('Mul', [shareOfWindow, onnx.scalar(h.kernel * w.kernel)]);
  return onnx.emit('Mul', [mask, grow(onnx.emit('Div', [dy, tied]), size, onnx)]);
}

/** In general the positions of the maxima are asked for and the gradient is added there. */
function byPosition(node: GraphNode, onnx: OnnxBuilder, window: Window): string {
  const [dy, input] = [node.inputs[0]!, node.inputs[1]!];
  const [batch, height, width, channels] = input.shape as [number, number, number, number];
  const [, positions] = onnx.emitMany('MaxPool', [onnx.read(input, 'channels-first')], {
    attributes: windowAttributes(window),
    outputCount: 2,
  });
  const flat = onnx.emit('Expand', [onnx.scalar(0), onnx.integers([batch * channels * height * width])]);
  const where = onnx.reshape(positions!, [-1]);
  const what = onnx.reshape(onnx.read(dy, 'channels-first'), [-1]);
  const sum = onnx.emit('ScatterElements', [flat, where, what], { axis: 0, reduction: 'add' });
  return onnx.reshape(sum, [batch, channels, height, width]);
}

/**
 * Gradient of max pooling. Where several pixels of a window share the maximum there is no derivative: they share the
 * gradient equally if windows tile the image, and the first of them gets it otherwise. Either way what a window passes on
 * is what it was given, so moving all its pixels together gives the right difference.
 */
export const maxPoolGrad: Operation = {
  kernel: 'MaxPoolGrad',
  inputs: ['dy', 'input', 'output'],
  infer: ({ inputs: [, input] }) => [sameAs(input!)],
  toOnnx: (node, onnx) => {
    const window = poolWindow(node.attributes, node.inputs[1]!.shape);
    onnx.write(
      node.outputs[0]!,
      tilesImage(window) ? byComparison(node, onnx, window) : byPosition(node, onnx, window),
      'channels-first',
    );
  },
  toTensorFlow: ({ inputs: [, image], attributes }, tensorFlow, [dy, input, output]) =>
    tensorFlow.emit(
      'MaxPoolGrad',
      [input!, output!, dy!],
      tensorFlowPooling(poolWindow(attributes, image!.shape), attributes),
    ),
};
