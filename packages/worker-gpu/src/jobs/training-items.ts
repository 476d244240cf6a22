import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import {
  preparedPackSchema,
  refListSchema,
  type CampaignPlan,
  type PreparedPack,
} from '@probity/core/schemas/round-artifacts';
import { floatsFrom } from '@probity/training/float-bytes';
import type { PreparedItems } from '@probity/training/items';
import { readJson } from '../activities/once.js';

type PackItem = PreparedPack['items'][number];

/** Which items of a round: those a fold may learn from, or those it holds out. */
export type ItemFilter = (item: PackItem) => boolean;

/**
 * Pseudo-labels train and never validate; a machine label on an item of a held-out group would tell a fold about the
 * very group that it is judged on, so it does not train that fold.
 */
export const trainsFold =
  ({ folds }: CampaignPlan, fold: number): ItemFilter =>
  ({ group }) =>
    folds.byGroup[group] !== fold;

export const heldOutOf =
  ({ folds }: CampaignPlan, fold: number): ItemFilter =>
  ({ group, origin }) =>
    origin === 'human' && folds.byGroup[group] === fold;

export interface GroupedItems extends PreparedItems {
  readonly groups: readonly string[];
}

/** Reads the packs of a round and keeps the items that pass, in the order of the packs. */
export async function readItems(store: ArtifactStore, packs: ArtifactRef, filter: ItemFilter): Promise<GroupedItems> {
  const { refs } = await readJson(store, packs, refListSchema);
  const parts: { pack: PreparedPack; kept: number[]; images: Float32Array; labels: Uint8Array }[] = [];
  for (const ref of refs) {
    const pack = await readJson(store, ref, preparedPackSchema);
    const kept = pack.items.flatMap((item, i) => (filter(item) ? [i] : []));
    if (kept.length === 0) continue;
    const images = await store.get(pack.images);
    parts.push({ pack, kept, images: floatsFrom(images), labels: await store.get(pack.labels) });
  }
  return join(parts);
}

function join(
  parts: readonly { pack: PreparedPack; kept: readonly number[]; images: Float32Array; labels: Uint8Array }[],
): GroupedItems {
  const count = parts.reduce((sum, { kept }) => sum + kept.length, 0);
  const first = parts[0];
  if (!first) throw new Error('Bug: a fold without items was asked for');
  const { height, width, channels } = first.pack;
  const imageSize = height * width * channels;
  const labelSize = first.labels.length / first.pack.items.length;
  const images = new Float32Array(count * imageSize);
  const labels = new Uint8Array(count * labelSize);
  const kept: PackItem[] = [];
  for (const part of parts) {
    for (const i of part.kept) {
      images.set(part.images.subarray(i * imageSize, (i + 1) * imageSize), kept.length * imageSize);
      labels.set(part.labels.subarray(i * labelSize, (i + 1) * labelSize), kept.length * labelSize);
      kept.push(part.pack.items[i]!);
    }
  }
  const isMask = labelSize > 1;
  return {
    ids: kept.map(({ id }) => id),
    groups: kept.map(({ group }) => group),
    height,
    width,
    channels: channels === 3 ? 3 : 1,
    images,
    labels,
    labelHeight: isMask ? height : 1,
    labelWidth: isMask ? width : 1,
  };
}
