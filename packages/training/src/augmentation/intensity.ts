import type { Random } from '@probity/core/numerics/random';
import type { Augmentation } from './draw-augmentation.js';

const SPAN_MIN = 1e-6;

/** Contrast about the mean, gamma between the image's own minimum and maximum, then normal noise; in place. */
export function changeIntensity(
  image: Float32Array,
  { contrast, gamma, noiseStandardDeviation }: Augmentation,
  random: Random,
): void {
  let mean = 0;
  for (const value of image) mean += value;
  mean /= image.length;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < image.length; i++) {
    image[i] = (image[i]! - mean) * contrast + mean;
    const value = image[i]!; // as stored: float32 rounding must not put a pixel below the minimum
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const span = Math.max(high - low, SPAN_MIN);
  for (let i = 0; i < image.length; i++) {
    image[i] = ((image[i]! - low) / span) ** gamma * span + low + noiseStandardDeviation * random.normal();
  }
}
