import { numbersOf } from '../attributes.js';
import type { GraphNode } from '../graph.js';
import type { OnnxAttribute, OnnxBuilder, Operation } from '../operation.js';
import { readBackwards } from './families/backwards.js';
import { convolutionWindow, imageGradientInTensorFlow, unreached, windowAttributes } from './families/convolution.js';
import type { WindowAxis } from './families/window.js';

type Window = readonly [WindowAxis, WindowAxis];

/** Window of the node's convolution over the image whose gradient is asked for. */
const windowOfNode = (node: GraphNode): Window =>
  convolutionWindow(node, node.outputs[0]!.shape, node.inputs[1]!.shape);

/** Attributes of the convolution with the turned filter that the gradient is at stride 1; undefined elsewhere. */
export function plainAdjoint(node: GraphNode): Readonly<Record<string, OnnxAttribute>> | undefined {
  const window = windowOfNode(node);
  const isPlain = window.every(
    ({ stride, kernel, dilation, padBefore, padAfter }) =>
      stride === 1 && Math.max(padBefore, padAfter) <= (kernel - 1) * dilation,
  );
  if (!isPlain) return undefined;
  const before = window.map(({ kernel, dilation, padBefore }) => (kernel - 1) * dilation - padBefore);
  const after = window.map(({ kernel, dilation, padAfter }) => (kernel - 1) * dilation - padAfter);
  return {
    kernel_shape: window.map(({ kernel }) => kernel),
    strides: [1, 1],
    dilations: window.map(({ dilation }) => dilation),
    pads: [...before, ...after],
  };
}

/** At stride 1 the gradient is a convolution with the turned filter, which runs much faster than ConvTranspose. */
function asConvolution(
  node: GraphNode,
  onnx: OnnxBuilder,
  attributes: Readonly<Record<string, OnnxAttribute>>,
): string {
  const [dy, filter] = [node.inputs[0]!, node.inputs[1]!];
  const isOneTap = filter.shape[0]! * filter.shape[1]! === 1;
  const turned = isOneTap ? onnx.read(filter) : readBackwards(onnx.read(filter), [0, 1], onnx);
  const weights = onnx.emit('Transpose', [turned], { perm: [2, 3, 0, 1] });
  return onnx.emit('Conv', [onnx.read(dy, 'channels-first'), weights], attributes);
}

function asConvTranspose(node: GraphNode, onnx: OnnxBuilder): string {
  const window = windowOfNode(node);
  const [dy, filter] = [node.inputs[0]!, node.inputs[1]!];
  const weights = onnx.emit('Transpose', [onnx.read(filter)], { perm: [3, 2, 0, 1] });
  return onnx.emit('ConvTranspose', [onnx.read(dy, 'channels-first'), weights], {
    ...windowAttributes(window),
    output_padding: unreached(window),
  });
}

/** Gradient of a convolution with respect to its image; also TensorFlow's transposed convolution. */
export const conv2dBackpropInput: Operation = {
  kernel: 'Conv2DBackpropInput',
  inputs: ['dy', 'filter'],
  infer: ({ attributes }) => [{ shape: numbersOf(attributes, 'inputShape'), dtype: 'float32' }],
  toOnnx: (node, onnx) => {
    const plain = plainAdjoint(node);
    const gradient = plain ? asConvolution(node, onnx, plain) : asConvTranspose(node, onnx);
    onnx.write(node.outputs[0]!, gradient, 'channels-first');
  },
  toTensorFlow: imageGradientInTensorFlow,
};
