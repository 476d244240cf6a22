import type { KernelCall, Operation } from '../operation.js';
import type { Value } from '../graph.js';
import { onnxPads, windowOf, type WindowAxis } from './window.js';

export function convolutionWindow({ attributes }: Pick<KernelCall, 'attributes'>, imageShape: readonly number[], filter: Value['shape']): readonly [WindowAxis, WindowAxis] {
  return windowOf({ attributes, image: [imageShape[1]!, imageShape[2]!], kernel: [filter[0]!, filter[1]!] });
}

/** 2-D convolution. Filter: height, width, input channels, output channels. */
export const conv2d: Operation = {
  kernel: 'Conv2D',
  inputs: ['x', 'filter'],
  infer: ({ inputs: [x, filter], attributes }) => {
    const [h, w] = convolutionWindow({ attributes }, x!.shape, filter!.shape);
    return [{ shape: [x!.shape[0]!, h.output, w.output, filter!.shape[3]!], dtype: 'float32' }];
  },
  toOnnx: (node, onnx) => {
    const [x, filter] = [node.inputs[0]!, node.inputs[1]!];
    const window = convolutionWindow(node, x.shape, filter.shape);
    const weights = onnx.emit('Transpose', [onnx.read(filter)], { perm: [3, 2, 0, 1] });
    const name = onnx.emit('Conv', [onnx.read(x, 'channels-first'), weights], {
      kernel_shape: window.map(({ kernel }) => kernel),
      strides: window.map(({ stride }) => stride),
      dilations: window.map(({ dilation }) => dilation),
      pads: onnxPads(window),
    });
    onnx.write(node.outputs[0]!, name, 'channels-first');
  },
};
