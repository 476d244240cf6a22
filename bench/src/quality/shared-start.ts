import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '@probity/core/numerics/random';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { makeBatch } from '@probity/training/augmentation/make-batch';
import { bytesOf } from '@probity/training/float-bytes';
import type { PreparedItems } from '@probity/training/items';
import { initialWeights } from '@probity/training/models/initial-weights';
import { createNetwork } from '@probity/training/models/network';
import { changedInLastBit } from './changed-start.js';
import { CLASS_COUNT } from './our-member.js';

/** Files with the first weights of a training and with every batch of it, in the order of the steps. */
export interface SharedStart {
  /** The flat vector, float32. */
  readonly weights: string;
  /** Shape (steps · batch, height, width, channels), float32. */
  readonly images: string;
  /** Shape (steps · batch, height, width), bytes. */
  readonly labels: string;
}

/** Writes what our engines begin with for the spec's seed, and every batch that they will see, into an empty folder. */
export async function writeSharedStart(
  folder: string,
  { spec, items }: { spec: CampaignSpec; items: PreparedItems },
): Promise<SharedStart> {
  const { seed, model, training } = spec;
  const start = {
    weights: join(folder, 'weights.f32'),
    images: join(folder, 'images.f32'),
    labels: join(folder, 'labels.u8'),
  };
  const { layout } = createNetwork({ model, channels: items.channels, classCount: CLASS_COUNT });
  await writeFile(start.weights, initialWeights(layout, seed, 0));
  const [images, labels] = await Promise.all([open(start.images, 'w'), open(start.labels, 'w')]);
  try {
    for (let step = 0; step < training.steps; step++) {
      const batch = makeBatch(items, { seed, fold: 0, ...training }, step);
      await images.appendFile(bytesOf(batch.images));
      await labels.appendFile(Uint8Array.from(batch.labels));
    }
  } finally {
    await Promise.all([images.close(), labels.close()]);
  }
  return start;
}

/** The same batches from weights that differ in their last bit. */
export async function writeChangedStart(start: SharedStart, seed: number): Promise<SharedStart> {
  const given = new Float32Array(Uint8Array.from(await readFile(start.weights)).buffer);
  const weights = `${start.weights}.changed`;
  await writeFile(weights, changedInLastBit(given, createRandom(seed, 'last-bit')));
  return { ...start, weights };
}
