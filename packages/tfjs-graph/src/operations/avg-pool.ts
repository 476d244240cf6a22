import type { Operation } from '../operation.js';
import {
  borders,
  hasNumberedBorders,
  pooled,
  poolWindow,
  tensorFlowPooling,
  wholeToPixels,
  withoutBorders,
} from './families/pooling.js';
import { FLOATS } from './families/typed.js';
import { onnxPads } from './families/window.js';

/** The mean of each window's pixels; pixels beyond the border do not count. */
export const avgPool: Operation = {
  kernel: 'AvgPool',
  inputs: ['x'],
  infer: (call) => [pooled(call)],
  toOnnx: (node, onnx) => {
    const window = poolWindow(node.attributes, node.inputs[0]!.shape);
    const name = onnx.emit('AveragePool', [onnx.read(node.inputs[0]!, 'channels-first')], {
      kernel_shape: window.map(({ kernel }) => kernel),
      strides: window.map(({ stride }) => stride),
      pads: onnxPads(window),
      count_include_pad: 0,
    });
    onnx.write(node.outputs[0]!, name, 'channels-first');
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, [image]) => {
    const window = poolWindow(attributes, x!.shape);
    if (!hasNumberedBorders(attributes))
      return tensorFlow.emit('AvgPool', [image!], tensorFlowPooling(window, attributes));
    const padded = tensorFlow.emit('Pad', [image!, borders(window, tensorFlow)], FLOATS);
    const means = tensorFlow.emit('AvgPool', [padded], tensorFlowPooling(withoutBorders(window), { pad: 'valid' }));
    return tensorFlow.emit('Mul', [means, wholeToPixels(window, tensorFlow)], FLOATS);
  },
};
