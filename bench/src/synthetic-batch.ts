import { createRandom } from '@probity/core/numerics/random';
import { CLASS_COUNT } from './benchmark-network.js';
import { IGNORE_LABEL } from '@probity/training/losses/operating-point-loss';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';

export interface SyntheticBatch {
  /** Shape (batch, height, width, channels). */
  readonly images: Float32Array;
  /** Shape (batch, height, width): every class, and pixels to ignore. */
  readonly labels: Uint8Array;
}

/** What a batch shows: bright disks that are the foreground, or noise with labels that mean nothing. */
export type BatchKind = 'disks' | 'noise';

/**
 * A seeded batch, 5 % of its pixels to ignore. The time of a step does not depend on what is on the images, the
 * rounding error of its gradient does: in noise the pixels' shares cancel, and what is left is small against their sum.
 */
export function syntheticBatch({ input, training, seed }: CampaignSpec, kind: BatchKind): SyntheticBatch {
  const { height, width, channels } = input;
  const random = createRandom(seed, 'bench', kind);
  const images = new Float32Array(training.batchSize * height * width * channels);
  const labels = new Uint8Array(training.batchSize * height * width);
  for (let item = 0; item < training.batchSize; item++) {
    const disk = {
      x: width * (0.3 + 0.4 * random.next()),
      y: height * (0.3 + 0.4 * random.next()),
      radius: (0.08 + 0.17 * random.next()) * height,
    };
    for (let pixel = 0; pixel < height * width; pixel++) {
      const place = item * height * width + pixel;
      const isInside =
        kind === 'disks'
          ? Math.hypot((pixel % width) - disk.x, Math.floor(pixel / width) - disk.y) < disk.radius
          : random.next() < 0.2;
      const brightness = kind === 'disks' && isInside ? 2 : 0;
      for (let channel = 0; channel < channels; channel++)
        images[place * channels + channel] = brightness + 0.5 * random.normal();
      const foreground = 1 + random.integer(CLASS_COUNT - 1);
      labels[place] = random.next() < 0.05 ? IGNORE_LABEL : isInside ? foreground : 0;
    }
  }
  return { images, labels };
}
