import type { PixelSize } from '../images/encode-png.js';

/** COCO's uncompressed run lengths: column by column, runs of 0 and 1 in turn, the first of 0. */
export interface RunLength {
  /** Height, width. */
  readonly size: readonly [number, number];
  readonly counts: readonly number[];
}

/** Where a piece lies; right and bottom are the last column and row inside. */
export interface PieceBox {
  readonly area: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Pieces extends PixelSize {
  /** Shape (height, width): the piece that a pixel belongs to, 0 for none. */
  readonly numbers: Uint8Array | Uint32Array;
}

/** The box of each piece 1 to `count`; one pass over the pixels. */
export function pieceBoxes({ numbers, width, height }: Pieces, count: number): PieceBox[] {
  const boxes = Array.from({ length: count }, () => ({ area: 0, left: width, top: height, right: -1, bottom: -1 }));
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const box = numbers[i] === 0 ? undefined : boxes[numbers[i]! - 1];
      if (box === undefined) continue;
      box.area++;
      if (x < box.left) box.left = x;
      if (x > box.right) box.right = x;
      if (y < box.top) box.top = y;
      box.bottom = y; // rows come in order
    }
  }
  return boxes;
}

/** Run lengths of one piece. Cost: the pixels of its box. */
export function encodeRunLength({ numbers, width, height }: Pieces, piece: number, box: PieceBox): RunLength {
  const counts: number[] = [];
  let [runEnd, run] = [0, 0];
  for (let x = box.left; x <= box.right; x++) {
    for (let y = box.top; y <= box.bottom; y++) {
      if (numbers[y * width + x] !== piece) continue;
      const place = x * height + y;
      if (run === 0 || place !== runEnd) {
        if (run > 0) counts.push(run);
        counts.push(place - runEnd);
        run = 0;
      }
      run++;
      runEnd = place + 1;
    }
  }
  if (run > 0) counts.push(run);
  const rest = width * height - runEnd;
  return { size: [height, width], counts: rest > 0 ? [...counts, rest] : counts };
}
