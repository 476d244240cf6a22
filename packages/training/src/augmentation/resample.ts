import type { Augmentation } from './draw-augmentation.js';

export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

interface Sampling {
  readonly plane: Plane;
  readonly augmentation: Augmentation;
}

/** Calls `visit` for each output pixel with the place in the input it comes from, in pixel coordinates. */
function eachSource(
  { plane: { height, width }, augmentation: { matrix, shift } }: Sampling,
  visit: (index: number, x: number, y: number) => void,
): void {
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const [a, b, c, d] = matrix;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [dx, dy] = [column - centreX, row - centreY];
      visit(
        row * width + column,
        a * dx + b * dy + centreX + shift[0] * width,
        c * dx + d * dy + centreY + shift[1] * height,
      );
    }
  }
}

/** Bilinear; beyond the border lies 0, which is the mean of a normalised image. */
export function resampleImage(source: Float32Array, target: Float32Array, sampling: Sampling): void {
  const { height, width, channels } = sampling.plane;
  eachSource(sampling, (index, x, y) => {
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - x0, y - y0];
    for (let channel = 0; channel < channels; channel++) {
      let value = 0;
      for (let corner = 0; corner < 4; corner++) {
        const [column, row] = [x0 + (corner & 1), y0 + (corner >> 1)];
        if (column < 0 || row < 0 || column >= width || row >= height) continue;
        const weight = (corner & 1 ? fx : 1 - fx) * (corner >> 1 ? fy : 1 - fy);
        value += weight * source[(row * width + column) * channels + channel]!;
      }
      target[index * channels + channel] = value;
    }
  });
}

/** Nearest; beyond the border lies background. */
export function resampleLabels(source: Uint8Array, target: Int32Array, sampling: Sampling): void {
  eachSource(sampling, (index, x, y) => {
    const pixel = nearest(sampling.plane, x, y);
    target[index] = pixel === undefined ? 0 : source[pixel]!;
  });
}

/** The classes' levels of the nearest pixel, so that no two pixels' probabilities mix, as 0 to 1; beyond the border lies background. */
export function resampleLevels(source: Uint8Array, target: Float32Array, sampling: Sampling): void {
  const { channels } = sampling.plane;
  eachSource(sampling, (index, x, y) => {
    const pixel = nearest(sampling.plane, x, y);
    for (let c = 0; c < channels; c++)
      target[index * channels + c] = pixel === undefined ? Number(c === 0) : source[pixel * channels + c]! / 255;
  });
}

function nearest({ height, width }: Plane, x: number, y: number): number | undefined {
  const [column, row] = [Math.round(x), Math.round(y)];
  return column < 0 || row < 0 || column >= width || row >= height ? undefined : row * width + column;
}
