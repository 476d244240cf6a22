import { numbersOf } from '../attributes.js';
import type { Operation } from '../operation.js';
import { convolutionWindow, filterGradientInTensorFlow } from './families/convolution.js';
import { tapsOf } from './families/taps.js';

/** Gradient of a depthwise convolution with respect to its filter: per channel, taps against gradients over pixels. */
export const depthwiseConv2dNativeBackpropFilter: Operation = {
  kernel: 'DepthwiseConv2dNativeBackpropFilter',
  inputs: ['x', 'dy'],
  infer: ({ attributes }) => [{ shape: numbersOf(attributes, 'filterShape'), dtype: 'float32' }],
  toOnnx: (node, onnx) => {
    const [x, dy, output] = [node.inputs[0]!, node.inputs[1]!, node.outputs[0]!];
    const [height, width, channels, filters] = output.shape as [number, number, number, number];
    const batch = x.shape[0]!;
    const taps = tapsOf(x, convolutionWindow(node, x.shape, output.shape), onnx);
    const rows = taps.map((tap) => onnx.reshape(tap, [batch, channels, 1, -1]));
    const stacked = onnx.emit('Concat', rows, { axis: 2 });
    const gradients = onnx.reshape(onnx.read(dy, 'channels-first'), [batch, channels, filters, -1]);
    const perImage = onnx.emit('MatMul', [stacked, onnx.emit('Transpose', [gradients], { perm: [0, 1, 3, 2] })]);
    const sum = onnx.emit('ReduceSum', [perImage, onnx.integers([0])], { keepdims: 0 });
    onnx.write(
      output,
      onnx.reshape(onnx.emit('Transpose', [sum], { perm: [1, 0, 2] }), [height, width, channels, filters]),
    );
  },
  toTensorFlow: filterGradientInTensorFlow,
};
