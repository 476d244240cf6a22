import type { Random } from '@probity/core/numerics/random';
import { gaussianBlur, gaussianKernel, type Field } from './gaussian-blur.js';

/**
 * Draws a smooth Gaussian field with mean 0 and variance exactly 1 at every pixel, borders included: white noise,
 * blurred on a larger canvas and cut out. The correlation of two pixels a distance d apart is exp(−d² / 4σ²).
 */
export function drawGaussianField(
  { width, height, sigma }: { width: number; height: number; sigma: number },
  random: Random,
): Field {
  const kernel = gaussianKernel(sigma);
  const margin = (kernel.length - 1) / 2;
  const [wide, high] = [width + 2 * margin, height + 2 * margin];
  const noise = {
    width: wide,
    height: high,
    values: Float64Array.from({ length: wide * high }, () => random.normal()),
  };
  const blurred = gaussianBlur(noise, sigma).values;
  // A weighted sum of independent unit normals has variance Σ w²; in two directions its square.
  const scale = 1 / kernel.reduce((sum, weight) => sum + weight * weight, 0);
  const values = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values[y * width + x] = scale * blurred[(y + margin) * wide + x + margin]!;
  }
  return { width, height, values };
}

/**
 * Standard normal distribution function Φ, absolute error below 1.5e-7.
 *
 * @see Abramowitz and Stegun 1964, formula 7.1.26
 */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const tail =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) *
    Math.exp(-z * z);
  return x < 0 ? tail / 2 : 1 - tail / 2;
}
