import { createRandom } from '@probity/core/numerics/random';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetItem, DatasetVersion } from '@probity/core/schemas/dataset-version';
import type { SweptShard } from '@probity/core/schemas/round-artifacts';
import { decodeMask } from '@probity/datasets/images/decode-mask';
import { mapLimited } from '@probity/datasets/map-limited';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ImageSizes } from '@probity/training/inference/prepare-images';
import type { SoftItems } from '@probity/training/items';
import { IGNORE_LABEL } from '@probity/training/losses/operating-point-loss';
import type { KnownCampaign } from './known-campaign.js';
import { prepareImage, readLabel, resizeLabel } from './prepared-image.js';

/** Files read and decoded side by side. */
const ITEMS_AT_ONCE = 8;

export type PredictedItem = SweptShard['items'][number];

/** Who teaches a student, by id: items that people labelled, and items of the pool. */
export interface Teaching {
  readonly labelled: readonly DatasetItem[];
  readonly pool: readonly DatasetItem[];
}

/**
 * Every item of the published version that people labelled, but the test set's, and every other item of the pool. What a
 * person said of an item wins over what the ensemble says.
 *
 * Training shows `showings` items, one after the other. A pool that is larger is sampled down to as many: the rest would
 * be read in vain.
 */
export function chooseTeaching(
  { plan, item }: Pick<KnownCampaign, 'plan' | 'item'>,
  { version, seed, showings }: { version: Pick<DatasetVersion, 'items'>; seed: number; showings: number },
): Teaching {
  const labelled = version.items
    .filter(({ role, label }) => role !== 'test' && label?.origin === 'human')
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const known = new Set(labelled.map(({ id }) => id));
  const pool = plan.shards.flat().filter((id) => !known.has(id));
  const sampled =
    pool.length <= showings ? pool : createRandom(seed, 'student-pool').shuffled(pool).slice(0, showings).toSorted();
  return { labelled, pool: sampled.map(item) };
}

interface Reading {
  readonly store: ArtifactStore;
  readonly sizes: ImageSizes;
  readonly spec: Pick<CampaignSpec, 'input' | 'model'>;
  readonly classCount: number;
  readonly onItem: () => void;
}

/** Images at the network's size with the levels of their classes: certain where a person labelled, else the ensemble's. */
export async function readSoftItems(
  { labelled, pool }: Teaching,
  predicted: ReadonlyMap<string, PredictedItem>,
  reading: Reading,
): Promise<SoftItems> {
  const { input, model } = reading.spec;
  const { store, sizes, classCount, onItem } = reading;
  const isMask = model.kind === 'unet';
  const [labelHeight, labelWidth] = isMask ? [input.height, input.width] : [1, 1];
  const items = [...labelled, ...pool];
  const [imageSize, levelsSize] = [input.height * input.width * input.channels, labelHeight * labelWidth * classCount];
  const images = new Float32Array(items.length * imageSize);
  const levels = new Uint8Array(items.length * levelsSize);
  await mapLimited(items, ITEMS_AT_ONCE, async (item, place) => {
    images.set(await prepareImage(item, { store, sizes, input }), place * imageSize);
    const said =
      place < labelled.length ? await levelsOfLabel(item, reading) : await levelsOf(predicted.get(item.id)!, reading);
    levels.set(said, place * levelsSize);
    onItem();
  });
  return { ids: items.map(({ id }) => id), ...input, labelHeight, labelWidth, classCount, images, levels };
}

/** Certain of the label's class; all 0 where the label is ignored. */
async function levelsOfLabel(item: DatasetItem, { store, spec, classCount }: Reading): Promise<Uint8Array> {
  const label = await readLabel(item, store);
  const classes = spec.model.kind === 'unet' ? resizeLabel(label, spec.input) : label.data;
  const levels = new Uint8Array(classes.length * classCount);
  classes.forEach((c, pixel) => {
    if (c !== IGNORE_LABEL) levels[pixel * classCount + c] = 255;
  });
  return levels;
}

/** The ensemble's probabilities, class by class, what is left of 1 being the background's. */
async function levelsOf(item: PredictedItem, reading: Reading): Promise<Uint8Array> {
  const foreground = item.classProbabilities?.slice(1) ?? (await mapsAtInputSize(item, reading));
  const channels = reading.classCount - 1;
  const levels = new Uint8Array((foreground.length / channels) * reading.classCount);
  for (let pixel = 0; pixel < foreground.length / channels; pixel++) {
    let rest = 255;
    for (let c = 0; c < channels; c++) {
      const level = Math.min(rest, Math.round(255 * foreground[pixel * channels + c]!));
      levels[pixel * reading.classCount + c + 1] = level;
      rest -= level;
    }
    levels[pixel * reading.classCount] = rest;
  }
  return levels;
}

/** Shape (height, width, classes − 1) of the network's input, 0 to 1; resized as the image is. */
async function mapsAtInputSize(
  { id, probabilities }: PredictedItem,
  { store, sizes, spec }: Reading,
): Promise<Float32Array> {
  const maps = await Promise.all(probabilities.map(async (ref) => decodeMask(await store.get(ref), { name: id })));
  const { height, width } = maps[0]!;
  const interleaved = new Float32Array(height * width * maps.length);
  for (const [c, { data }] of maps.entries())
    data.forEach((level, pixel) => (interleaved[pixel * maps.length + c] = level / 255));
  return sizes.restore(interleaved, { from: { height, width, channels: maps.length }, to: spec.input });
}
