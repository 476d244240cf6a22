import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { DatasetItem, ImageRef, Label } from '@probity/core/schemas/dataset-version';
import type { DecodedMask } from '../images/decode-mask.js';
import { encodeGreyPng, encodePng } from '../images/encode-png.js';
import { openImage } from '../images/open-image.js';
import { mapLimited } from '../map-limited.js';
import { putBlob } from '../versions/put-blob.js';
import { parallelFor, pixelDigest, type CheckedItem } from './check-entries.js';
import { loadEntry, type LoadedItem, type LoadOptions } from './load-entry.js';
import type { MaskValues } from './resolve-classes.js';
import type { SourceEntry } from './source-listing.js';

/** Slices of one volume that are encoded at once. */
const SLICES_PARALLEL = 4;

export interface StoreOptions extends LoadOptions {
  readonly store: ArtifactStore;
  readonly classes: readonly string[];
  readonly maskValues: MaskValues;
  readonly mergedGroups: ReadonlyMap<string, string>;
  readonly onEntry: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** Opens the checked files again, stores images and masks as blobs, and describes each item. Order is that of `items`. */
export async function storeItems(items: readonly CheckedItem[], options: StoreOptions): Promise<DatasetItem[]> {
  const byEntry = new Map<SourceEntry, CheckedItem[]>();
  for (const item of items) byEntry.set(item.entry, [...(byEntry.get(item.entry) ?? []), item]);
  const parallel = parallelFor([...byEntry.keys()]);
  const stored = await mapLimited([...byEntry], parallel, ([entry, checked]) => storeEntry(entry, checked, options));
  return stored.flat();
}

async function storeEntry(
  entry: SourceEntry,
  checked: readonly CheckedItem[],
  options: StoreOptions,
): Promise<DatasetItem[]> {
  options.signal?.throwIfAborted();
  const loaded = new Map((await loadEntry(entry, options)).map((item) => [item.id, item]));
  const storeChecked = async ({ id, pixelDigest: digest }: CheckedItem) => {
    const item = loaded.get(id);
    if (item !== undefined && pixelDigest(item.image) === digest) return storeItem(item, entry, options);
    throw new ProbityError(
      'DATASET_INVALID',
      `Cannot import "${entry.image}": it changed while it was imported; start again`,
    );
  };
  const stored = await mapLimited(checked, SLICES_PARALLEL, storeChecked);
  options.onEntry();
  return stored;
}

async function storeItem(item: LoadedItem, entry: SourceEntry, options: StoreOptions): Promise<DatasetItem> {
  const { id, group, volume, attributes } = item;
  const label = await labelOf(item, entry, options);
  return {
    id,
    group: options.mergedGroups.get(group) ?? group,
    image: await storeImage(item, options.store),
    ...(label !== undefined && { label }),
    ...(volume !== undefined && { volume }),
    attributes: { ...attributes },
  };
}

async function storeImage({ image, file, id }: LoadedItem, store: ArtifactStore): Promise<ImageRef> {
  const { width, height, channels, bitDepth } = image;
  const kept = file === undefined ? undefined : await keptExtension(file, { name: id, channels });
  const ref =
    file !== undefined && kept !== undefined
      ? await putBlob(store, file, kept)
      : await putBlob(store, await encodePng(image), 'png');
  return { ...ref, width, height, channels, bitDepth };
}

/**
 * A file is kept byte for byte where every browser and tool reads it as we do: PNG or JPEG without alpha, without a
 * turn in its EXIF block, with the channels that count. Others become PNG of exactly the decoded values.
 */
async function keptExtension(
  file: Uint8Array,
  { name, channels }: { name: string; channels: 1 | 3 },
): Promise<string | undefined> {
  const { metadata } = await openImage(file, { name, pixelsMax: Number.MAX_SAFE_INTEGER }); // the limit was kept when it was decoded
  const isPlain = metadata.channels === channels && (metadata.orientation ?? 1) === 1 && metadata.isPalette !== true;
  if (!isPlain || (metadata.bitsPerSample ?? 8) < 8) return undefined;
  return { png: 'png', jpeg: 'jpg' }[metadata.format as string];
}

async function labelOf(
  { mask, ignore }: LoadedItem,
  entry: SourceEntry,
  options: StoreOptions,
): Promise<Label | undefined> {
  const origin = entry.origin ?? { origin: 'human' as const };
  if (entry.className !== undefined)
    return { kind: 'class', classIndex: options.classes.indexOf(entry.className), ...origin };
  if (mask === undefined) return undefined;
  const isForeground = options.maskValues === 'any-foreground';
  const indices = new Uint8Array(isForeground ? mask.data.map((value) => Math.min(1, value)) : mask.data);
  return {
    kind: 'mask',
    mask: await putBlob(options.store, await encodeGreyPng(indices, mask), 'png'),
    ...(ignore !== undefined && { ignore: await storeIgnore(ignore, options.store) }),
    classes: [...new Set(indices)].sort((a, b) => a - b),
    ...origin,
  };
}

const storeIgnore = async (ignore: DecodedMask, store: ArtifactStore) =>
  putBlob(
    store,
    await encodeGreyPng(
      Uint8Array.from(ignore.data, (value) => (value > 0 ? 255 : 0)),
      ignore,
    ),
    'png',
  );
