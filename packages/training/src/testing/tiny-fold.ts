import { createRandom } from '@probity/core/numerics/random';
import type { AugmentationSpec } from '@probity/core/schemas/campaign-spec';
import type { FoldRequest } from '../train-fold.js';
import type { PreparedItems } from '../items.js';

/** A campaign's training part that runs in a second: two members of a two-level U-Net, twenty steps each. */
export function tinySpec(): FoldRequest['spec'] {
  return {
    seed: 7,
    model: { kind: 'unet', baseWidth: 4, depth: 2, normalisation: 'instance' },
    training: {
      steps: 24,
      batchSize: 4,
      optimiser: { kind: 'adamw', beta1: 0.9, beta2: 0.999, weightDecay: 0.01 },
      learningRate: 0.03,
      warmupSteps: 2,
      gradientNormMax: 5,
      weightAverage: { kind: 'none' },
      augmentation: {
        flipHorizontal: true,
        flipVertical: true,
        rotationDegreesMax: 10,
        scaleMin: 0.9,
        scaleMax: 1.1,
        shiftFractionMax: 0.05,
        contrastMin: 0.9,
        contrastMax: 1.1,
        gammaMin: 0.9,
        gammaMax: 1.1,
        noiseStandardDeviationMax: 0.1,
      },
      checkpointEverySteps: 5,
    },
    ensemble: { folds: 2, operatingPoints: [-1, 1], centre: 0, forkAt: 0.75, forkTrains: 'all' },
  };
}

/** Leaves every image as it is. */
export const noAugmentation: AugmentationSpec = {
  flipHorizontal: false,
  flipVertical: false,
  rotationDegreesMax: 0,
  scaleMin: 1,
  scaleMax: 1,
  shiftFractionMax: 0,
  contrastMin: 1,
  contrastMax: 1,
  gammaMin: 1,
  gammaMax: 1,
  noiseStandardDeviationMax: 0,
};

/** Bright squares on a dark, noisy ground; the squares are the foreground. */
export function squares(count: number, stream = 'train'): PreparedItems {
  const size = 16;
  const images = new Float32Array(count * size * size);
  const labels = new Uint8Array(count * size * size);
  for (let item = 0; item < count; item++) {
    const random = createRandom(3, stream, item);
    const [side, left, top] = [4 + random.integer(5), random.integer(8), random.integer(8)];
    for (let i = 0; i < size * size; i++) {
      const [x, y] = [i % size, Math.floor(i / size)];
      const inside = x >= left && x < left + side && y >= top && y < top + side;
      images[item * size * size + i] = (inside ? 1.5 : -0.5) + 0.2 * random.normal();
      labels[item * size * size + i] = inside ? 1 : 0;
    }
  }
  const ids = Array.from({ length: count }, (_, i) => `${stream}-${i}`);
  return { ids, height: size, width: size, channels: 1, images, labels, labelHeight: size, labelWidth: size };
}

/** Images of noise, every second one with a bright patch somewhere: class 1. */
export function brightOrDark(count: number, stream = 'train'): PreparedItems {
  const { images, labels, ...items } = squares(count, stream);
  const pixels = items.height * items.width;
  const classes = Uint8Array.from({ length: count }, (_, item) => item % 2);
  images.forEach((value, i) => {
    if (classes[Math.floor(i / pixels)] === 0 && labels[i] === 1) images[i] = value - 2;
  });
  return { ...items, images, labels: classes, labelHeight: 1, labelWidth: 1 };
}
