import { numbersOf } from '../../attributes.js';
import type { Attributes } from '../../graph.js';
import type { OnnxBuilder } from '../../operation.js';
import { FLOATS } from './typed.js';

/** One spatial axis before and after a resize. */
export interface SampledAxis {
  readonly input: number;
  readonly output: number;
}

/** Height and width axis of a resize of an image of shape (n, height, width, channels). */
export function sampledAxes(attributes: Attributes, image: readonly number[]): readonly [SampledAxis, SampledAxis] {
  const [height, width] = numbersOf(attributes, 'size') as [number, number];
  return [
    { input: image[1]!, output: height },
    { input: image[2]!, output: width },
  ];
}

/** How many input pixels an output pixel stands for. */
function scaleOf({ input, output }: SampledAxis, attributes: Attributes): number {
  return attributes['alignCorners'] === true && output > 1 ? (input - 1) / (output - 1) : input / output;
}

/** The input pixel that each output pixel repeats, in TensorFlow's conventions. */
export function nearestPixels(axis: SampledAxis, attributes: Attributes): number[] {
  const offset = attributes['halfPixelCenters'] === true ? 0.5 : 0;
  const choose = attributes['alignCorners'] === true ? Math.round : Math.floor;
  return Array.from({ length: axis.output }, (_, i) =>
    Math.min(axis.input - 1, choose((i + offset) * scaleOf(axis, attributes))),
  );
}

/** Shape (output, input): 1 where an output pixel repeats an input pixel. */
export function nearestMatrix(axis: SampledAxis, attributes: Attributes): Float32Array {
  const matrix = new Float32Array(axis.output * axis.input);
  nearestPixels(axis, attributes).forEach((pixel, row) => {
    matrix[row * axis.input + pixel] = 1;
  });
  return matrix;
}

/** Shape (output, input): the weights of the two input pixels between which an output pixel lies. */
export function bilinearMatrix(axis: SampledAxis, attributes: Attributes): Float32Array {
  const offset = attributes['halfPixelCenters'] === true ? 0.5 : 0;
  const matrix = new Float32Array(axis.output * axis.input);
  for (let row = 0; row < axis.output; row++) {
    const place = Math.min(axis.input - 1, Math.max(0, (row + offset) * scaleOf(axis, attributes) - offset));
    const before = Math.floor(place);
    const after = Math.min(axis.input - 1, before + 1);
    matrix[row * axis.input + before]! += 1 - (place - before);
    matrix[row * axis.input + after]! += place - before;
  }
  return matrix;
}

interface Sandwich {
  readonly axes: readonly [SampledAxis, SampledAxis];
  readonly matrixOf: (axis: SampledAxis) => Float32Array;
  /** `forwards` from the input's size to the output's, `backwards` the other way: the gradient. */
  readonly direction: 'forwards' | 'backwards';
}

/** A channels-first image between two constant matrices, one an axis. */
export function sandwich(image: string, { axes: [h, w], matrixOf, direction }: Sandwich, onnx: OnnxBuilder): string {
  const rows = onnx.constant(matrixOf(h), [h.output, h.input]);
  const columns = onnx.constant(matrixOf(w), [w.output, w.input]);
  const turned = (name: string) => onnx.emit('Transpose', [name], { perm: [1, 0] });
  const [left, right] = direction === 'forwards' ? [rows, turned(columns)] : [turned(rows), columns];
  return onnx.emit('MatMul', [left, onnx.emit('MatMul', [image, right])]);
}

/** Attributes of TensorFlow's resizing operations and their gradients. */
export const tensorFlowSampling = (attributes: Attributes) => ({
  ...FLOATS,
  align_corners: attributes['alignCorners'] === true,
  half_pixel_centers: attributes['halfPixelCenters'] === true,
});
