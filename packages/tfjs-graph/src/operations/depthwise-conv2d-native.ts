import type { Operation } from '../operation.js';
import { convolutionInTensorFlow, convolvedShape, writeDepthwiseConvolution } from './families/convolution.js';

/** 2-D convolution of each channel by itself. Filter: height, width, channels, filters a channel. */
export const depthwiseConv2dNative: Operation = {
  kernel: 'DepthwiseConv2dNative',
  inputs: ['x', 'filter'],
  infer: (call) => [
    { shape: convolvedShape(call, call.inputs[1]!.shape[2]! * call.inputs[1]!.shape[3]!), dtype: 'float32' },
  ],
  toOnnx: (node, onnx) => onnx.write(node.outputs[0]!, writeDepthwiseConvolution(node, onnx), 'channels-first'),
  toTensorFlow: (node, tensorFlow, inputs) =>
    convolutionInTensorFlow('DepthwiseConv2dNative', { node, inputs }, tensorFlow),
};
