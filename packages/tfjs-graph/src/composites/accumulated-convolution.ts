import type { GraphNode } from '../graph.js';
import { conv2dBackpropInput } from '../operations/conv2d-backprop-input.js';
import { conv2d } from '../operations/conv2d.js';
import type { Composite } from '../operation.js';

/** The convolution that an accumulated one stands for; its result is known by the negative of the sum's identity. */
export function convolutionOf({ inputs, attributes, outputs }: GraphNode): GraphNode {
  const { convolution, ...rest } = attributes;
  const output = { ...outputs[0]!, id: -outputs[0]!.id };
  return { operation: String(convolution), inputs: inputs.slice(0, 2), attributes: rest, outputs: [output] };
}

/** A convolution added to an image. */
export const accumulatedConvolution: Composite = {
  operation: 'AccumulatedConvolution',
  toOnnx: (node, onnx) => {
    const convolution = convolutionOf(node);
    (convolution.operation === conv2d.kernel ? conv2d : conv2dBackpropInput).toOnnx(convolution, onnx);
    const parts = [convolution.outputs[0]!, node.inputs[2]!].map((value) => onnx.read(value, 'channels-first'));
    onnx.write(node.outputs[0]!, onnx.emit('Add', parts), 'channels-first');
  },
};
