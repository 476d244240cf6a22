import { distanceTransform, type PixelGrid } from './distance-transform.js';
import { quantile } from './quantile.js';

export interface SurfaceDistance {
  /** Mean over the pixels of both surfaces of the distance to the other surface, in units of the spacing. */
  readonly mean: number;
  /** 95th percentile of the same distances (Hausdorff distance without the worst twentieth). */
  readonly hausdorff95: number;
}

/**
 * How far the outlines of two masks lie apart.
 *
 * The surface of a mask are its pixels with one of the four neighbours outside the mask or outside the image. The
 * distances of both surfaces are pooled, as in medpy; libraries that take the larger of two directed percentiles give
 * slightly larger values. Wrong to use for masks that touch the border of a cropped image: the crop's edge is then
 * taken for an outline. Cost: O(pixels).
 *
 * @param prediction Shape (height, width); any value but 0 belongs to the mask.
 * @param truth The same.
 * @returns `undefined` where one mask is empty: there is no distance to nothing.
 * @throws {ProbityError} `INVALID_INPUT` for sizes that disagree with the grid.
 */
export function surfaceDistance(
  prediction: Uint8Array,
  truth: Uint8Array,
  grid: PixelGrid,
): SurfaceDistance | undefined {
  const surfaces = [surfaceOf(prediction, grid), surfaceOf(truth, grid)] as const;
  const toPrediction = distanceTransform(surfaces[0], grid);
  const toTruth = distanceTransform(surfaces[1], grid);
  const distances: number[] = [];
  for (let x = 0; x < truth.length; x++) {
    if (surfaces[0][x] === 1) distances.push(toTruth[x]!);
    if (surfaces[1][x] === 1) distances.push(toPrediction[x]!);
  }
  if (distances.length === 0 || distances.includes(Infinity)) return undefined;
  const sorted = Float64Array.from(distances).sort();
  return {
    mean: sorted.reduce((sum, distance) => sum + distance, 0) / sorted.length,
    hausdorff95: quantile(sorted, 0.95),
  };
}

function surfaceOf(mask: Uint8Array, { width, height }: PixelGrid): Uint8Array {
  const surface = new Uint8Array(mask.length);
  const isInside = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] !== 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isInside(x, y)) continue;
      const isInner = isInside(x - 1, y) && isInside(x + 1, y) && isInside(x, y - 1) && isInside(x, y + 1);
      if (!isInner) surface[y * width + x] = 1;
    }
  }
  return surface;
}
