import type { PixelSize } from '../images/encode-png.js';

/** COCO's uncompressed run lengths: column by column, runs of 0 and 1 in turn, the first of 0. */
export interface RunLength {
  /** Height, width. */
  readonly size: readonly [number, number];
  readonly counts: readonly number[];
}

/** @param isInside Shape (height, width): pixels other than 0 are inside. */
export function encodeRunLength(isInside: Uint8Array, { height, width }: PixelSize): RunLength {
  const counts: number[] = [];
  let [value, run] = [0, 0];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const next = isInside[y * width + x]! === 0 ? 0 : 1;
      if (next !== value) {
        counts.push(run);
        [value, run] = [next, 0];
      }
      run++;
    }
  }
  return { size: [height, width], counts: [...counts, run] };
}
