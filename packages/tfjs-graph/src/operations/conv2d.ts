import type { Operation } from '../operation.js';
import { convolutionInTensorFlow, convolvedShape, writeConvolution } from './families/convolution.js';

/** 2-D convolution. Filter: height, width, input channels, output channels. */
export const conv2d: Operation = {
  kernel: 'Conv2D',
  inputs: ['x', 'filter'],
  infer: (call) => [{ shape: convolvedShape(call, call.inputs[1]!.shape[3]!), dtype: 'float32' }],
  toOnnx: (node, onnx) => onnx.write(node.outputs[0]!, writeConvolution(node, onnx), 'channels-first'),
  toTensorFlow: (node, tensorFlow, inputs) => convolutionInTensorFlow('Conv2D', { node, inputs }, tensorFlow),
};
