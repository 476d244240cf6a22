import { namedInputs } from '../attributes.js';
import type { Operation } from '../operation.js';
import { activationInTensorFlow, activationOf, writeActivation } from './families/activation.js';
import { writeChannelBias } from './families/channel-bias.js';
import { convolutionInTensorFlow, convolvedShape, writeConvolution } from './families/convolution.js';
import { FLOATS } from './families/typed.js';

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
  toTensorFlow: (node, tensorFlow, inputs) => {
    const image = convolutionInTensorFlow('Conv2D', { node, inputs }, tensorFlow);
    const { bias } = namedInputs({ ...node, inputs }, INPUTS);
    const sum = bias === undefined ? image : tensorFlow.emit('AddV2', [image, bias], FLOATS);
    return activationInTensorFlow(sum, node.attributes, tensorFlow);
  },
};
