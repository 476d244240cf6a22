import { namedInputs } from '../attributes.js';
import type { Operation } from '../operation.js';
import { activationOf, writeActivation } from './families/activation.js';
import { writeChannelBias } from './families/channel-bias.js';
import { convolvedShape, writeConvolution } from './families/convolution.js';

const INPUTS = ['x', 'filter', 'bias', 'preluActivationWeights'];

/** A convolution, a bias and an activation in one kernel; convolution layers use it. */
export const fusedConv2d: Operation = {
  kernel: 'FusedConv2D',
  inputs: INPUTS,
  infer: (call) => {
    activationOf(call.attributes);
    return [{ shape: convolvedShape(call, call.inputs[1]!.shape[3]!), dtype: 'float32' }];
  },
  toOnnx: (node, onnx) => {
    const sum = writeChannelBias(writeConvolution(node, onnx), namedInputs(node, INPUTS)['bias'], onnx);
    onnx.write(node.outputs[0]!, writeActivation(sum, node.attributes, onnx), 'channels-first');
  },
};
