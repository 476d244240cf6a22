import { pairOf } from '../attributes.js';
import type { GraphNode } from '../graph.js';
import type { OnnxBuilder, Operation } from '../operation.js';
import { onnxPads, windowOf, type WindowAxis } from './window.js';

const poolWindow = ({ attributes }: Pick<GraphNode, 'attributes'>, image: readonly number[]): readonly [WindowAxis, WindowAxis] =>
  windowOf({ attributes, image: [image[1]!, image[2]!], kernel: pairOf(attributes, 'filterSize') });

const geometry = (window: readonly [WindowAxis, WindowAxis]) => ({
  kernel_shape: window.map(({ kernel }) => kernel),
  strides: window.map(({ stride }) => stride),
  pads: onnxPads(window),
});

/** The largest element of each window. */
export const maxPool: Operation = {
  kernel: 'MaxPool',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => {
    const [h, w] = poolWindow({ attributes }, x!.shape);
    return [{ shape: [x!.shape[0]!, h.output, w.output, x!.shape[3]!], dtype: x!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const window = poolWindow(node, node.inputs[0]!.shape);
    onnx.write(node.outputs[0]!, onnx.emit('MaxPool', [onnx.read(node.inputs[0]!, 'channels-first')], geometry(window)), 'channels-first');
  },
};

/** Windows that tile the image meet each pixel once: the gradient goes where the pixel equals its window's maximum. */
function byComparison(node: GraphNode, onnx: OnnxBuilder, [h, w]: readonly [WindowAxis, WindowAxis]): string {
  const [dy, input, output] = [node.inputs[0]!, node.inputs[1]!, node.inputs[2]!];
  const [batch, , , channels] = input.shape as [number, number, number, number];
  const windows = onnx.integers([batch * channels, h.output, h.kernel, w.output, w.kernel]);
  const cells = onnx.integers([batch * channels, h.output, 1, w.output, 1]);
  const pixels = onnx.emit('Reshape', [onnx.read(input, 'channels-first'), windows]);
  const maxima = onnx.emit('Reshape', [onnx.read(output, 'channels-first'), cells]);
  const gradient = onnx.emit('Reshape', [onnx.read(dy, 'channels-first'), cells]);
  const mask = onnx.emit('Cast', [onnx.emit('Equal', [pixels, maxima])], { to: 1 });
  const spread = onnx.emit('Mul', [mask, gradient]);
  return onnx.emit('Reshape', [spread, onnx.integers([batch, channels, input.shape[1]!, input.shape[2]!])]);
}

/** In general the positions of the maxima are asked for and the gradient is added there. */
function byPosition(node: GraphNode, onnx: OnnxBuilder, window: readonly [WindowAxis, WindowAxis]): string {
  const [dy, input] = [node.inputs[0]!, node.inputs[1]!];
  const [batch, height, width, channels] = input.shape as [number, number, number, number];
  const [, positions] = onnx.emitMany('MaxPool', [onnx.read(input, 'channels-first')], { attributes: geometry(window), outputCount: 2 });
  const flat = onnx.emit('Expand', [onnx.scalar(0), onnx.integers([batch * channels * height * width])]);
  const where = onnx.emit('Reshape', [positions!, onnx.integers([-1])]);
  const what = onnx.emit('Reshape', [onnx.read(dy, 'channels-first'), onnx.integers([-1])]);
  const sum = onnx.emit('ScatterElements', [flat, where, what], { axis: 0, reduction: 'add' });
  return onnx.emit('Reshape', [sum, onnx.integers([batch, channels, height, width])]);
}

/**
 * Gradient of max pooling. Where several pixels of a window share the maximum each of them gets the whole gradient if
 * windows tile the image, and the first of them otherwise; at such points no derivative exists.
 */
export const maxPoolGrad: Operation = {
  kernel: 'MaxPoolGrad',
  inputs: ['dy', 'input', 'output'],
  infer: ({ inputs: [, input] }) => [{ shape: input!.shape, dtype: input!.dtype }],
  toOnnx: (node, onnx) => {
    const window = poolWindow(node, node.inputs[1]!.shape);
    const tiles = window.every(({ stride, kernel, input, output, padBefore, padAfter }) => stride === kernel && output * kernel === input && padBefore + padAfter === 0);
    onnx.write(node.outputs[0]!, tiles ? byComparison(node, onnx, window) : byPosition(node, onnx, window), 'channels-first');
  },
};
