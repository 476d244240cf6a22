import type { GraphNode, Value } from '../../graph.js';
import type { KernelCall, OnnxBuilder } from '../../operation.js';
import { onnxPads, windowOf, type WindowAxis } from './window.js';

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
  return onnx.emit('Reshape', [
    onnx.emit('Transpose', [onnx.read(filter)], { perm: [2, 3, 0, 1] }),
    onnx.integers([channels * filters, 1, height, width]),
  ]);
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
