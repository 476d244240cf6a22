import type { Operation } from '../operation.js';
import { unreached, windowAttributes } from './families/convolution.js';
import { sameAs } from './families/elementwise.js';
import { poolWindow } from './families/pooling.js';
import type { WindowAxis } from './families/window.js';

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
  infer: ({ inputs: [, input] }) => [sameAs(input!)],
  toOnnx: (node, onnx) => {
    const [dy, input] = [node.inputs[0]!, node.inputs[1]!];
    const window = poolWindow(node.attributes, input.shape);
    const [h, w] = window;
    const channels = input.shape[3]!;
    const [rows, columns] = [counts(h), counts(w)];
    const shares = Float32Array.from(
      { length: h.output * w.output },
      (_, i) => 1 / (rows[Math.floor(i / w.output)]! * columns[i % w.output]!),
    );
    const share = onnx.emit('Mul', [
      onnx.read(dy, 'channels-first'),
      onnx.constant(shares, [1, 1, h.output, w.output]),
    ]);
    const ones = onnx.emit('Expand', [onnx.scalar(1), onnx.integers([channels, 1, h.kernel, w.kernel])]);
    const name = onnx.emit('ConvTranspose', [share, ones], {
      ...windowAttributes(window),
      group: channels,
      output_padding: unreached(window),
    });
    onnx.write(node.outputs[0]!, name, 'channels-first');
  },
};
