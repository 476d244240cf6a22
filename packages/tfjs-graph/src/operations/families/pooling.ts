import { pairOf } from '../../attributes.js';
import type { Attributes, Value } from '../../graph.js';
import type { KernelCall, OutputType, TensorFlowBuilder } from '../../operation.js';
import { tensorFlowWindow, windowOf, type WindowAxis } from './window.js';

export type Window = readonly [WindowAxis, WindowAxis];

/** How a pooling kernel's windows lie over an image of shape (n, height, width, channels). */
export const poolWindow = (attributes: Attributes, image: Value['shape']): Window =>
  windowOf({ attributes, image: [image[1]!, image[2]!], kernel: pairOf(attributes, 'filterSize') });

/** What pooling makes of an image. */
export function pooled({ inputs: [x], attributes }: KernelCall): OutputType {
  const [h, w] = poolWindow(attributes, x!.shape);
  return { shape: [x!.shape[0]!, h.output, w.output, x!.shape[3]!], dtype: x!.dtype };
}

/** Attributes of TensorFlow's poolings and their gradients. */
export const tensorFlowPooling = (window: Window, attributes: Attributes) => ({
  ...tensorFlowWindow(window, attributes),
  ksize: [1, ...window.map(({ kernel }) => kernel), 1],
});

/** True where borders are given in numbers, which TensorFlow's average pooling does not take. */
export const hasNumberedBorders = ({ pad }: Attributes): boolean => pad !== 'same' && pad !== 'valid';

/** The same windows over the image with its borders. */
export const withoutBorders = (window: Window): Window => {
  const [h, w] = window.map((axis) => ({
    ...axis,
    input: axis.input + axis.padBefore + axis.padAfter,
    padBefore: 0,
    padAfter: 0,
  }));
  return [h!, w!];
};

/** Borders of height and width as TensorFlow's `Pad` takes them. */
export const borders = ([h, w]: Window, tensorFlow: TensorFlowBuilder): string =>
  tensorFlow.constant(Int32Array.of(0, 0, h.padBefore, h.padAfter, w.padBefore, w.padAfter, 0, 0), [4, 2]);

/** How many pixels each window of an axis holds. */
function counts({ input, output, kernel, stride, padBefore }: WindowAxis): number[] {
  return Array.from({ length: output }, (_, i) => {
    const from = i * stride - padBefore;
    return Math.min(from + kernel, input) - Math.max(from, 0);
  });
}

/** What a pixel of each window counts in its mean, row by row of the windows. */
export function shares([h, w]: Window): Float32Array {
  const [rows, columns] = [counts(h), counts(w)];
  return Float32Array.from(
    { length: h.output * w.output },
    (_, i) => 1 / (rows[Math.floor(i / w.output)]! * columns[i % w.output]!),
  );
}

/** What makes means over whole windows, zeros of the border and all, means over pixels. Shape (1, rows, columns, 1). */
export function wholeToPixels(window: Window, tensorFlow: TensorFlowBuilder): string {
  const [h, w] = window;
  const factors = shares(window).map((share) => share * h.kernel * w.kernel);
  return tensorFlow.constant(factors, [1, h.output, w.output, 1]);
}
