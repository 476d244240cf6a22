import { pairOf } from '../attributes.js';
import type { GraphNode } from '../graph.js';
import type { Operation } from '../operation.js';
import { onnxPads, windowOf, type WindowAxis } from './window.js';

const poolWindow = ({ attributes }: Pick<GraphNode, 'attributes'>, image: readonly number[]): readonly [WindowAxis, WindowAxis] =>
  windowOf({ attributes, image: [image[1]!, image[2]!], kernel: pairOf(attributes, 'filterSize') });

/** The mean of each window's pixels; pixels beyond the border do not count. */
export const avgPool: Operation = {
  kernel: 'AvgPool',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => {
    const [h, w] = poolWindow({ attributes }, x!.shape);
    return [{ shape: [x!.shape[0]!, h.output, w.output, x!.shape[3]!], dtype: x!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const window = poolWindow(node, node.inputs[0]!.shape);
    const name = onnx.emit('AveragePool', [onnx.read(node.inputs[0]!, 'channels-first')], {
      kernel_shape: window.map(({ kernel }) => kernel),
      strides: window.map(({ stride }) => stride),
      pads: onnxPads(window),
      count_include_pad: 0,
    });
    onnx.write(node.outputs[0]!, name, 'channels-first');
  },
};

/** How many pixels each window of an axis holds. */
function counts({ input, output, kernel, stride, padBefore }: WindowAxis): number[] {
  return Array.from({ length: output }, (_, i) => {
    const from = i * stride - padBefore;
    return Math.min(from + kernel, input) - Math.max(from, 0);
  });
}

/** Gradient of average pooling: each window's share, spread by a transposed convolution with ones. */
export const avgPoolGrad: Operation = {
  kernel: 'AvgPoolGrad',
  inputs: ['dy', 'input'],
  infer: ({ inputs: [, input] }) => [{ shape: input!.shape, dtype: input!.dtype }],
  toOnnx: (node, onnx) => {
    const [dy, input] = [node.inputs[0]!, node.inputs[1]!];
    const window = poolWindow(node, input.shape);
    const [h, w] = window;
    const channels = input.shape[3]!;
    const [rows, columns] = [counts(h), counts(w)];
    const shares = Float32Array.from({ length: h.output * w.output }, (_, i) => 1 / (rows[Math.floor(i / w.output)]! * columns[i % w.output]!));
    const share = onnx.emit('Mul', [onnx.read(dy, 'channels-first'), onnx.constant(shares, [1, 1, h.output, w.output])]);
    const ones = onnx.emit('Expand', [onnx.scalar(1), onnx.integers([channels, 1, h.kernel, w.kernel])]);
    const name = onnx.emit('ConvTranspose', [share, ones], {
      group: channels,
      kernel_shape: window.map(({ kernel }) => kernel),
      strides: window.map(({ stride }) => stride),
      pads: onnxPads(window),
      output_padding: window.map(({ input: size, output, stride, kernel, padBefore, padAfter }) => size - ((output - 1) * stride + kernel - padBefore - padAfter)),
    });
    onnx.write(node.outputs[0]!, name, 'channels-first');
  },
};
