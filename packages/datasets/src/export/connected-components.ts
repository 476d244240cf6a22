import type { PixelSize } from '../images/encode-png.js';

/**
 * Numbers the connected pieces of a mask from 1 on, in the order of their first pixel; pixels that touch by a corner
 * are connected. Cost: O(pixels).
 *
 * @param isInside Shape (height, width): pixels other than 0 are inside.
 * @returns `pieces` of shape (height, width), 0 outside, and how many there are.
 */
export function connectedComponents(
  isInside: Uint8Array,
  { height, width }: PixelSize,
): { pieces: Uint32Array; count: number } {
  const pieces = new Uint32Array(height * width);
  const open: number[] = [];
  let count = 0;
  for (let start = 0; start < pieces.length; start++) {
    if (isInside[start] === 0 || pieces[start] !== 0) continue;
    count++;
    pieces[start] = count;
    open.push(start);
    while (open.length > 0) {
      const at = open.pop()!;
      const [x, y] = [at % width, Math.floor(at / width)];
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const next = row * width + column;
          if (isInside[next] === 0 || pieces[next] !== 0) continue;
          pieces[next] = count;
          open.push(next);
        }
      }
    }
  }
  return { pieces, count };
}
