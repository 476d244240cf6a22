/** A field of real numbers, row-major. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
}

/** Gaussian weights up to three standard deviations, sum 1. */
export function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Separable Gaussian blur; beyond the border the outermost pixel goes on. Cost: O(pixels · sigma). */
export function gaussianBlur(field: Field, sigma: number): Field {
  const kernel = gaussianKernel(sigma);
  return blurAlong(blurAlong(field, kernel, 'x'), kernel, 'y');
}

function blurAlong({ width, height, values }: Field, kernel: Float64Array, axis: 'x' | 'y'): Field {
  const radius = (kernel.length - 1) / 2;
  const [lines, length, step, stride] = axis === 'x' ? [height, width, width, 1] : [width, height, 1, width];
  const result = new Float64Array(values.length);
  const padded = new Float64Array(length + 2 * radius);
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < padded.length; i++) {
      padded[i] = values[line * step + Math.min(length - 1, Math.max(0, i - radius)) * stride]!;
    }
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * padded[i + k]!;
      result[line * step + i * stride] = sum;
    }
  }
  return { width, height, values: result };
}
