import { numbersOf } from '../attributes.js';
import type { Operation } from '../operation.js';
import {
  convolutionWindow,
  depthwiseWeights,
  imageGradientInTensorFlow,
  unreached,
  windowAttributes,
} from './families/convolution.js';

/** Gradient of a depthwise convolution with respect to its image. */
export const depthwiseConv2dNativeBackpropInput: Operation = {
  kernel: 'DepthwiseConv2dNativeBackpropInput',
  inputs: ['dy', 'filter'],
  infer: ({ attributes }) => [{ shape: numbersOf(attributes, 'inputShape'), dtype: 'float32' }],
  toOnnx: (node, onnx) => {
    const [dy, filter, output] = [node.inputs[0]!, node.inputs[1]!, node.outputs[0]!];
    const window = convolutionWindow(node, output.shape, filter.shape);
    const geometry = { ...windowAttributes(window), group: filter.shape[2]!, output_padding: unreached(window) };
    onnx.write(
      output,
      onnx.emit('ConvTranspose', [onnx.read(dy, 'channels-first'), depthwiseWeights(filter, onnx)], geometry),
      'channels-first',
    );
  },
  toTensorFlow: imageGradientInTensorFlow,
};
