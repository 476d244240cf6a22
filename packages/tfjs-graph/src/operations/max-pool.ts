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

/** Every pixel of a small channels-first image repeated to fill its window. */
function spread(small: string, [h, w]: readonly [WindowAxis, WindowAxis], onnx: OnnxBuilder): string {
  const scales = onnx.constant(Float32Array.of(1, 1, h.kernel, w.kernel), [4]);
  return onnx.emit('Resize', [small, '', scales], { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' });
}

/** Windows that tile the image meet each pixel once: the gradient goes where the pixel equals its window's maximum. */
function byComparison(node: GraphNode, onnx: OnnxBuilder, window: readonly [WindowAxis, WindowAxis]): string {
  const [dy, input, output] = node.inputs.map((value) => onnx.read(value, 'channels-first')) as [string, string, string];
  const mask = onnx.emit('Cast', [onnx.emit('Equal', [input, spread(output, window, onnx)])], { to: 1 });
  const kernel = window.map(({ kernel: size }) => size);
  const shareOfWindow = onnx.emit('AveragePool', [mask], { kernel_shape: kernel, strides: kernel });
  const tied = onnx.emit('Mul', [shareOfWindow, onnx.scalar(kernel[0]! * kernel[1]!)]);
  return onnx.emit('Mul', [mask, spread(onnx.emit('Div', [dy, tied]), window, onnx)]);
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
 * Gradient of max pooling. Where several pixels of a window share the maximum there is no derivative: they share the
 * gradient equally if windows tile the image, and the first of them gets it otherwise. Either way what a window passes on
 * is what it was given, so moving all its pixels together gives the right difference.
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
