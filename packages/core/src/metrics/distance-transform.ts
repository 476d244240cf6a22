import { requireInput } from '../errors.js';

/** Row-major grid and the size of a pixel, e.g. in millimetres. */
export interface PixelGrid {
  readonly width: number;
  readonly height: number;
  readonly spacingX: number;
  readonly spacingY: number;
}

/**
 * The exact Euclidean distance of every pixel centre to the nearest marked pixel centre, in units of the spacing;
 * Infinity everywhere where none is marked.
 *
 * Two passes of lower envelopes of parabolas, along the columns and along the rows. Cost: O(pixels).
 *
 * @param marked Shape (height, width); any value but 0 marks.
 * @throws {ProbityError} `INVALID_INPUT` for a size that disagrees or a spacing that is not positive.
 * @see Felzenszwalb and Huttenlocher 2012, Distance Transforms of Sampled Functions
 */
export function distanceTransform(marked: Uint8Array, { width, height, spacingX, spacingY }: PixelGrid): Float64Array {
  requireInput(
    marked.length === width * height,
    `Cannot measure distances: ${marked.length} pixels on a grid of ${width} × ${height}`,
  );
  requireInput(
    spacingX > 0 && spacingY > 0,
    `Cannot measure distances: spacing ${spacingX} × ${spacingY}, must be positive`,
  );
  const squares = Float64Array.from(marked, (mark) => (mark === 0 ? Infinity : 0));
  for (let x = 0; x < width; x++)
    lowerEnvelope(squares, { start: x, stride: width, length: height, spacing: spacingY });
  for (let y = 0; y < height; y++)
    lowerEnvelope(squares, { start: y * width, stride: 1, length: width, spacing: spacingX });
  return squares.map(Math.sqrt);
}

interface Line {
  readonly start: number;
  readonly stride: number;
  readonly length: number;
  readonly spacing: number;
}

/** Replaces f on one line by min over q of f(q) + (spacing · (p − q))². */
function lowerEnvelope(values: Float64Array, { start, stride, length, spacing }: Line): void {
  const f = Float64Array.from({ length }, (_, i) => values[start + i * stride]!);
  const apexes: number[] = [];
  const borders: number[] = []; // borders[k]: from here on, parabola k is the lowest
  for (let q = 0; q < length; q++) {
    if (f[q] === Infinity) continue;
    let border = -Infinity;
    while (apexes.length > 0) {
      const last = apexes.at(-1)!;
      border = (f[q]! - f[last]!) / (2 * spacing ** 2 * (q - last)) + (q + last) / 2;
      if (border > borders.at(-1)!) break;
      apexes.pop();
      borders.pop();
      border = -Infinity;
    }
    apexes.push(q);
    borders.push(border);
  }
  if (apexes.length === 0) return;
  let k = 0;
  for (let p = 0; p < length; p++) {
    while (k + 1 < apexes.length && borders[k + 1]! < p) k += 1;
    values[start + p * stride] = f[apexes[k]!]! + (spacing * (p - apexes[k]!)) ** 2;
  }
}
