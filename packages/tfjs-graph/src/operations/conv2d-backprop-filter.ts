import { numbersOf } from '../attributes.js';
import type { Value } from '../graph.js';
import type { OnnxBuilder, Operation } from '../operation.js';
import { convolutionWindow } from './conv2d.js';
import type { WindowAxis } from './window.js';

/**
 * One tap of the filter sees the image shifted: rows of pixels (pixels, input channels) against rows of the output's
 * gradient (pixels, output channels) are one matrix product a tap.
 */
function tap(image: string, place: { window: readonly [WindowAxis, WindowAxis]; i: number; j: number; channels: number }, onnx: OnnxBuilder): string {
  const [h, w] = place.window;
  const from = [place.i * h.dilation, place.j * w.dilation];
  const to = [from[0]! + (h.output - 1) * h.stride + 1, from[1]! + (w.output - 1) * w.stride + 1];
  const part = onnx.emit('Slice', [image, onnx.integers(from), onnx.integers(to), onnx.integers([1, 2]), onnx.integers([h.stride, w.stride])]);
  return onnx.emit('Reshape', [part, onnx.integers([-1, place.channels])]);
}

function padded(x: Value, [h, w]: readonly [WindowAxis, WindowAxis], onnx: OnnxBuilder): string {
  const image = onnx.read(x);
  if (h.padBefore + h.padAfter + w.padBefore + w.padAfter === 0) return image;
  return onnx.emit('Pad', [image, onnx.integers([0, h.padBefore, w.padBefore, 0, 0, h.padAfter, w.padAfter, 0])]);
}

/** Gradient of a convolution with respect to its filter. */
export const conv2dBackpropFilter: Operation = {
  kernel: 'Conv2DBackpropFilter',
  inputs: ['x', 'dy'],
  infer: ({ attributes }) => [{ shape: numbersOf(attributes, 'filterShape'), dtype: 'float32' }],
  toOnnx: (node, onnx) => {
    const [x, dy] = [node.inputs[0]!, node.inputs[1]!];
    const shape = node.outputs[0]!.shape;
    const [kernelHeight, kernelWidth, inputs, outputs] = [shape[0]!, shape[1]!, shape[2]!, shape[3]!];
    const window = convolutionWindow(node, x.shape, shape);
    const gradient = onnx.emit('Reshape', [onnx.read(dy), onnx.integers([-1, outputs])]);
    const image = padded(x, window, onnx);
    const taps: string[] = [];
    for (let i = 0; i < kernelHeight; i++) {
      for (let j = 0; j < kernelWidth; j++) {
        const rows = kernelHeight * kernelWidth === 1 && window[0].stride === 1 ? onnx.emit('Reshape', [image, onnx.integers([-1, inputs])]) : tap(image, { window, i, j, channels: inputs }, onnx);
        taps.push(onnx.emit('Gemm', [rows, gradient], { transA: 1 }));
      }
    }
    const stacked = taps.length === 1 ? taps[0]! : onnx.emit('Concat', taps, { axis: 0 });
    onnx.write(node.outputs[0]!, onnx.emit('Reshape', [stacked, onnx.integers(shape)]));
  },
};
