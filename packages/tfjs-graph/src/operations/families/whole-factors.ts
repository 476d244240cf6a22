import type { Attributes } from '../../graph.js';
import { nearestPixels, type SampledAxis } from './sampling.js';

/** By how much an image grows where every pixel is simply repeated, which runs much faster than the general case. */
export function wholeFactors(
  [h, w]: readonly [SampledAxis, SampledAxis],
  attributes: Attributes,
): readonly [number, number] | undefined {
  const [height, width] = [h.output / h.input, w.output / w.input];
  const repeats = (axis: SampledAxis, factor: number) =>
    Number.isInteger(factor) && nearestPixels(axis, attributes).every((pixel, i) => pixel === Math.floor(i / factor));
  return repeats(h, height) && repeats(w, width) ? [height, width] : undefined;
}
