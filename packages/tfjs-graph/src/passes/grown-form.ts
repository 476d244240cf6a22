import type { GraphNode, Value } from '../graph.js';

/**
 * A way to convolve an image before it is grown to twice its size, by 3×3 filters that keep the size. Of such a filter over
 * repeated pixels several taps meet the same pixel: each of the four pixels of a square has a filter of 2×2 taps on the small
 * image. That is 16 products instead of 36. Each method writes what the node, or the nodes, came to.
 */
export interface GrownForm {
  /** A convolution of a grown image. @param small The image before it was grown. */
  convolve(convolution: GraphNode, small: Value): void;
  /** Gradient with respect to its filter. */
  filterGradient(gradient: GraphNode, small: Value): void;
  /** Gradient of the growing, of what `gradient`, with respect to the grown image, gives. */
  imageGradient(shrink: GraphNode, gradient: GraphNode): void;
}

/** Rows, or columns, of a 3-tap filter that meet the same pixel, for even and odd pixels of the grown image. */
const TAPS_THAT_MEET = [
  [[0], [1, 2]],
  [[0, 1], [2]],
] as const;

/**
 * Shape (4 pixels · 2 · 2 taps, 3 · 3 taps): which taps of the filter are one tap of a pixel's.
 *
 * @param rowOf The row of a pixel, odd row and odd column as 1, and a tap, 0 to 3.
 */
export function tapMatrix(rowOf: (pixel: readonly [number, number], tap: number) => number): Float32Array {
  const matrix = new Float32Array(16 * 9);
  for (const row of [0, 1] as const)
    for (const column of [0, 1] as const)
      for (let tap = 0; tap < 4; tap++)
        for (const i of TAPS_THAT_MEET[row][tap >> 1]!)
          for (const j of TAPS_THAT_MEET[column][tap & 1]!) matrix[rowOf([row, column], tap) * 9 + i * 3 + j] = 1;
  return matrix;
}
