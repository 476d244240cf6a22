import { numbersOf } from '../attributes.js';
import type { Value } from '../graph.js';
import type { OnnxBuilder, Operation } from '../operation.js';
import { convolutionWindow, filterGradientInTensorFlow } from './families/convolution.js';
import { tapsOf } from './families/taps.js';
import type { WindowAxis } from './families/window.js';

interface Parts {
  readonly x: Value;
  readonly dy: Value;
  readonly window: readonly [WindowAxis, WindowAxis];
  /** Height, width, input channels, output channels. */
  readonly shape: readonly number[];
}

/** A channels-first image moved along one spatial axis and cut to another size there; what comes in is zero. */
function shifted(
  image: string,
  { axis, before, after }: { axis: 2 | 3; before: number; after: number },
  onnx: OnnxBuilder,
): string {
  if (before === 0 && after === 0) return image;
  const pads = [0, 0, 0, 0, 0, 0, 0, 0];
  pads[axis] = before;
  pads[axis + 4] = after;
  return onnx.emit('Pad', [image, onnx.integers(pads)]);
}

const together = (images: readonly string[], onnx: OnnxBuilder): string =>
  images.length === 1 ? images[0]! : onnx.emit('Concat', images, { axis: 1 });

/** Pixels of `a` against pixels of `b`, summed over pixels and images: (channels of a, channels of b). */
function product(
  a: { name: string; channels: number },
  b: { name: string; channels: number },
  { batch, onnx }: { batch: number; onnx: OnnxBuilder },
): string {
  const left = onnx.reshape(a.name, [batch, a.channels, -1]);
  const right = onnx.reshape(b.name, [batch, b.channels, -1]);
  const perImage = onnx.emit('MatMul', [left, onnx.emit('Transpose', [right], { perm: [0, 2, 1] })]);
  return onnx.emit('ReduceSum', [perImage, onnx.integers([0])], { keepdims: 0 });
}

/**
 * At stride 1 the taps of a k×k filter are k shifts of one image along the columns against k shifts of the other along
 * the rows: one matrix product with all taps in it. Shifts along rows move whole blocks of memory, so the image with
 * more channels gets those.
 */
function byShifts({ x, dy, window: [h, w], shape }: Parts, onnx: OnnxBuilder): string {
  const [kernelHeight, kernelWidth, inputs, outputs] = shape as [number, number, number, number];
  const [image, gradient] = [onnx.read(x, 'channels-first'), onnx.read(dy, 'channels-first')];
  const rowsOfX = inputs > outputs;
  // Pixel p of the shifted x meets pixel p of the shifted dy; the common frame has x's size on one axis, dy's on the other.
  const moved = (
    name: string,
    { axis, by, grow, count }: { axis: WindowAxis; by: 1 | -1; grow: number; count: number },
  ): string[] =>
    Array.from({ length: count }, (_, tap) => {
      const before = by * (tap - axis.padBefore);
      return shifted(name, { axis: axis === h ? 2 : 3, before, after: grow - before }, onnx);
    });
  const [xAxis, dyAxis] = rowsOfX ? [h, w] : [w, h];
  const [xTaps, dyTaps] = rowsOfX ? [kernelHeight, kernelWidth] : [kernelWidth, kernelHeight];
  const images = together(moved(image, { axis: xAxis, by: -1, grow: xAxis.output - xAxis.input, count: xTaps }), onnx);
  const gradients = together(
    moved(gradient, { axis: dyAxis, by: 1, grow: dyAxis.input - dyAxis.output, count: dyTaps }),
    onnx,
  );
  const taps = product(
    { name: images, channels: xTaps * inputs },
    { name: gradients, channels: dyTaps * outputs },
    { batch: x.shape[0]!, onnx },
  );
  const split = onnx.reshape(taps, [xTaps, inputs, dyTaps, outputs]);
  return onnx.emit('Transpose', [split], { perm: rowsOfX ? [0, 2, 1, 3] : [2, 0, 1, 3] });
}

/** In general each tap sees the padded image through a grid of its own. */
function byTaps({ x, dy, window, shape }: Parts, onnx: OnnxBuilder): string {
  const [inputs, outputs] = [shape[2]!, shape[3]!];
  const taps = tapsOf(x, window, onnx);
  const images = { name: together(taps, onnx), channels: taps.length * inputs };
  return onnx.reshape(
    product(images, { name: onnx.read(dy, 'channels-first'), channels: outputs }, { batch: x.shape[0]!, onnx }),
    shape,
  );
}

/** Gradient of a convolution with respect to its filter. */
export const conv2dBackpropFilter: Operation = {
  kernel: 'Conv2DBackpropFilter',
  inputs: ['x', 'dy'],
  infer: ({ attributes }) => [{ shape: numbersOf(attributes, 'filterShape'), dtype: 'float32' }],
  toOnnx: (node, onnx) => {
    const [x, dy, output] = [node.inputs[0]!, node.inputs[1]!, node.outputs[0]!];
    const window = convolutionWindow(node, x.shape, output.shape);
    const dense = window.every(({ stride, dilation }) => stride === 1 && dilation === 1);
    const parts = { x, dy, window, shape: output.shape };
    onnx.write(output, dense ? byShifts(parts, onnx) : byTaps(parts, onnx));
  },
  toTensorFlow: filterGradientInTensorFlow,
};
