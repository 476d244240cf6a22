import { pairOf } from '../../attributes.js';
import type { Attributes, Value } from '../../graph.js';
import type { KernelCall, OutputType } from '../../operation.js';
import { windowOf, type WindowAxis } from './window.js';

export type Window = readonly [WindowAxis, WindowAxis];

/** How a pooling kernel's windows lie over an image of shape (n, height, width, channels). */
export const poolWindow = (attributes: Attributes, image: Value['shape']): Window =>
  windowOf({ attributes, image: [image[1]!, image[2]!], kernel: pairOf(attributes, 'filterSize') });

/** What pooling makes of an image. */
export function pooled({ inputs: [x], attributes }: KernelCall): OutputType {
  const [h, w] = poolWindow(attributes, x!.shape);
  return { shape: [x!.shape[0]!, h.output, w.output, x!.shape[3]!], dtype: x!.dtype };
}
