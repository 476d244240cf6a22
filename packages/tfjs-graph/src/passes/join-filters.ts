import type { Numbers } from '../graph.js';

export interface FilterPart {
  /** Of each filter: height, width, channels, outputs. */
  readonly shape: readonly number[];
  /** The channels that are taken: so many from the first. */
  readonly first: number;
  readonly channels: number;
  /** True where all filters read one image; else each reads its own of images whose channels are joined. */
  readonly isOfOne: boolean;
}

/** Filters as one that gives the outputs of all, one behind the other: side by side, or among zeros for the others' images. */
export function joinFilters(
  filters: readonly Numbers[],
  { shape, first, channels, isOfOne }: FilterPart,
): Float32Array {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const images = isOfOne ? 1 : filters.length;
  const rowLength = filters.length * outputs;
  const joined = new Float32Array(height * width * images * channels * rowLength);
  filters.forEach((filter, i) => {
    for (let tap = 0; tap < height * width; tap++)
      for (let channel = 0; channel < channels; channel++) {
        const from = (tap * inputs + first + channel) * outputs;
        const row = (tap * images + (isOfOne ? 0 : i)) * channels + channel;
        joined.set(filter.subarray(from, from + outputs), row * rowLength + i * outputs);
      }
  });
  return joined;
}
