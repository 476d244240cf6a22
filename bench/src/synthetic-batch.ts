import { createRandom } from '@probity/core/numerics/random';
import { CLASS_COUNT } from './benchmark-network.js';
import { IGNORE_LABEL } from '@probity/training/losses/operating-point-loss';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';

export interface SyntheticBatch {
  /** Shape (batch, height, width, channels), normal with mean 0 and deviation 1. */
  readonly images: Float32Array;
  /** Shape (batch, height, width): every class, and pixels to ignore. */
  readonly labels: Uint8Array;
}

/** A seeded batch of noise: the time of a step and its gradient do not depend on what is on the images. */
export function syntheticBatch({ input, training, seed }: CampaignSpec): SyntheticBatch {
  const pixels = training.batchSize * input.height * input.width;
  const random = createRandom(seed, 'bench');
  const images = Float32Array.from({ length: pixels * input.channels }, () => random.normal());
  const labels = Uint8Array.from({ length: pixels }, () => {
    const drawn = random.next();
    if (drawn < 0.05) return IGNORE_LABEL;
    return drawn < 0.8 ? 0 : 1 + random.integer(CLASS_COUNT - 1);
  });
  return { images, labels };
}
