import type { Attributes, GraphNode, Value } from '../../graph.js';
import type { KernelCall, OnnxBuilder, TensorFlowBuilder } from '../../operation.js';
import { onnxPads, tensorFlowWindow, windowOf, type WindowAxis } from './window.js';

/** How a filter of shape (height, width, …) lies over images of shape (n, height, width, …). */
export function convolutionWindow(
  { attributes }: Pick<KernelCall, 'attributes'>,
  imageShape: readonly number[],
  filter: Value['shape'],
): readonly [WindowAxis, WindowAxis] {
  return windowOf({ attributes, image: [imageShape[1]!, imageShape[2]!], kernel: [filter[0]!, filter[1]!] });
}

/** Shape of what a filter makes of images. */
export function convolvedShape(call: KernelCall, channels: number): number[] {
  const [x, filter] = [call.inputs[0]!, call.inputs[1]!];
  const [h, w] = convolutionWindow(call, x.shape, filter.shape);
  return [x.shape[0]!, h.output, w.output, channels];
}

/** A convolution of the first input with the second; the name of the channels-first result. */
export function writeConvolution(node: GraphNode, onnx: OnnxBuilder): string {
  const [x, filter] = [node.inputs[0]!, node.inputs[1]!];
  const window = convolutionWindow(node, x.shape, filter.shape);
  const weights = onnx.emit('Transpose', [onnx.read(filter)], { perm: [3, 2, 0, 1] });
  return onnx.emit('Conv', [onnx.read(x, 'channels-first'), weights], windowAttributes(window));
}

/** The same, each channel with filters of its own: filter of shape (height, width, channels, filters a channel). */
export function writeDepthwiseConvolution(node: GraphNode, onnx: OnnxBuilder): string {
  const [x, filter] = [node.inputs[0]!, node.inputs[1]!];
  const window = convolutionWindow(node, x.shape, filter.shape);
  return onnx.emit('Conv', [onnx.read(x, 'channels-first'), depthwiseWeights(filter, onnx)], {
    ...windowAttributes(window),
    group: filter.shape[2]!,
  });
}

/** A depthwise filter as ONNX wants it: (channels × filters a channel, 1, height, width). */
export function depthwiseWeights(filter: Value, onnx: OnnxBuilder): string {
  const [height, width, channels, filters] = filter.shape as [number, number, number, number];
  return onnx.reshape(onnx.emit('Transpose', [onnx.read(filter)], { perm: [2, 3, 0, 1] }), [
    channels * filters,
    1,
    height,
    width,
  ]);
}

/** A convolution of the first input with the second, `Conv2D` or `DepthwiseConv2dNative`, for TensorFlow. */
export function convolutionInTensorFlow(
  type: string,
  { node, inputs: [x, filter] }: { node: GraphNode; inputs: readonly string[] },
  tensorFlow: TensorFlowBuilder,
): string {
  const window = convolutionWindow(node, node.inputs[0]!.shape, node.inputs[1]!.shape);
  return tensorFlow.emit(type, [x!, filter!], tensorFlowConvolution(window, node.attributes));
}

/** Gradient with respect to the image, from the output's gradient and the filter; of the kernel's own name. */
export function imageGradientInTensorFlow(
  node: GraphNode,
  tensorFlow: TensorFlowBuilder,
  inputs: readonly string[],
): string {
  const { shape } = node.outputs[0]!;
  const window = convolutionWindow(node, shape, node.inputs[1]!.shape);
  const [dy, filter] = inputs;
  const operands = [tensorFlow.integers(shape), filter!, dy!];
  return tensorFlow.emit(node.operation, operands, tensorFlowConvolution(window, node.attributes));
}

/** Gradient with respect to the filter, from the image and the output's gradient; of the kernel's own name. */
export function filterGradientInTensorFlow(
  node: GraphNode,
  tensorFlow: TensorFlowBuilder,
  inputs: readonly string[],
): string {
  const { shape } = node.outputs[0]!;
  const window = convolutionWindow(node, node.inputs[0]!.shape, shape);
  const [image, dy] = inputs;
  const operands = [image!, tensorFlow.integers(shape), dy!];
  return tensorFlow.emit(node.operation, operands, tensorFlowConvolution(window, node.attributes));
}

export const windowAttributes = (window: readonly [WindowAxis, WindowAxis]) => ({
  kernel_shape: window.map(({ kernel }) => kernel),
  strides: window.map(({ stride }) => stride),
  dilations: window.map(({ dilation }) => dilation),
  pads: onnxPads(window),
});

/** Rows and columns at the end that no window reached: their gradient is zero and has to be added. */
export const unreached = (window: readonly [WindowAxis, WindowAxis]): number[] =>
  window.map(
    ({ input, output, stride, kernel, dilation, padBefore, padAfter }) =>
      input - ((output - 1) * stride + (kernel - 1) * dilation + 1 - padBefore - padAfter),
  );

/** Attributes of TensorFlow's convolutions and their gradients. */
const tensorFlowConvolution = (window: readonly [WindowAxis, WindowAxis], attributes: Attributes) => ({
  ...tensorFlowWindow(window, attributes),
  dilations: [1, ...window.map(({ dilation }) => dilation), 1],
});
