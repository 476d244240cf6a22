import type { Operation } from '../operation.js';
import { windowAttributes } from './families/convolution.js';
import { pooled, poolWindow, tensorFlowPooling } from './families/pooling.js';

/** The largest element of each window. */
export const maxPool: Operation = {
  kernel: 'MaxPool',
  inputs: ['x'],
  infer: (call) => [pooled(call)],
  toOnnx: (node, onnx) => {
    const input = node.inputs[0]!;
    const window = poolWindow(node.attributes, input.shape);
    onnx.write(
      node.outputs[0]!,
      onnx.emit('MaxPool', [onnx.read(input, 'channels-first')], windowAttributes(window)),
      'channels-first',
    );
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, inputs) =>
    tensorFlow.emit('MaxPool', inputs, tensorFlowPooling(poolWindow(attributes, x!.shape), attributes)),
};
