import type { Operation, TensorFlowAttributes } from '../operation.js';
import { unreached, windowAttributes } from './families/convolution.js';
import { sameAs } from './families/elementwise.js';
import {
  hasNumberedBorders,
  poolWindow,
  shares,
  tensorFlowPooling,
  wholeToPixels,
  withoutBorders,
} from './families/pooling.js';
import { FLOATS } from './families/typed.js';

/** Gradient of average pooling: each window's share, spread by a transposed convolution with ones. */
export const avgPoolGrad: Operation = {
  kernel: 'AvgPoolGrad',
  inputs: ['dy', 'input'],
  infer: ({ inputs: [, input] }) => [sameAs(input!)],
  toOnnx: (node, onnx) => {
    const [dy, input] = [node.inputs[0]!, node.inputs[1]!];
    const window = poolWindow(node.attributes, input.shape);
    const [h, w] = window;
    const channels = input.shape[3]!;
    const share = onnx.emit('Mul', [
      onnx.read(dy, 'channels-first'),
      onnx.constant(shares(window), [1, 1, h.output, w.output]),
    ]);
    const ones = onnx.emit('Expand', [onnx.scalar(1), onnx.integers([channels, 1, h.kernel, w.kernel])]);
    const name = onnx.emit('ConvTranspose', [share, ones], {
      ...windowAttributes(window),
      group: channels,
      output_padding: unreached(window),
    });
    onnx.write(node.outputs[0]!, name, 'channels-first');
  },
  toTensorFlow: ({ inputs: [, input], attributes }, tensorFlow, [dy]) => {
    const window = poolWindow(attributes, input!.shape);
    const emit = (size: readonly number[], gradient: string, pooling: TensorFlowAttributes) =>
      tensorFlow.emit('AvgPoolGrad', [tensorFlow.integers(size), gradient], pooling);
    if (!hasNumberedBorders(attributes)) return emit(input!.shape, dy!, tensorFlowPooling(window, attributes));
    const [h, w] = withoutBorders(window);
    const [batch, height, width, channels] = input!.shape as [number, number, number, number];
    const scaled = tensorFlow.emit('Mul', [dy!, wholeToPixels(window, tensorFlow)], FLOATS);
    const whole = emit([batch, h.input, w.input, channels], scaled, tensorFlowPooling([h, w], { pad: 'valid' }));
    const from = tensorFlow.integers([0, window[0].padBefore, window[1].padBefore, 0]);
    return tensorFlow.emit('Slice', [whole, from, tensorFlow.integers([batch, height, width, channels])], {
      ...FLOATS,
      Index: { type: 'int32' },
    });
  },
};
