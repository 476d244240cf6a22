import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetItem } from '@probity/core/schemas/dataset-version';
import { decodeImage, type DecodedImage } from '../images/decode-image.js';
import { decodeMask, type DecodedMask } from '../images/decode-mask.js';
import { PIXELS_MAX, unreadable } from '../images/open-image.js';
import { readVolume } from '../volumes/read-volume.js';
import { scaleVolume, volumeClasses } from '../volumes/volume-pixels.js';
import { isVolumeFile } from './folder-files.js';
import type { SourceEntry } from './source-listing.js';

export interface LoadedItem {
  readonly id: string;
  readonly group: string;
  readonly image: DecodedImage;
  /** The file as it is; absent for a slice of a volume. */
  readonly file?: Uint8Array;
  readonly mask?: DecodedMask;
  readonly ignore?: DecodedMask;
  readonly volume?: DatasetItem['volume'];
  readonly attributes: Readonly<Record<string, string>>;
}

export interface LoadOptions {
  readonly folder: string;
  readonly pixelsMax?: number | undefined;
}

/**
 * Opens an entry's files: one item an image, one a slice of a volume. Sizes are not compared here.
 *
 * @throws {ProbityError} `IMAGE_UNREADABLE`, naming the file.
 */
export async function loadEntry(entry: SourceEntry, options: LoadOptions): Promise<LoadedItem[]> {
  return isVolumeFile(entry.image) ? loadVolume(entry, options) : [await loadImage(entry, options)];
}

async function loadImage(entry: SourceEntry, options: LoadOptions): Promise<LoadedItem> {
  const { id, group = id, attributes, volume } = entry;
  const file = await readSource(entry.image, options);
  const open = { name: entry.image, pixelsMax: options.pixelsMax };
  const maskFrom = async (path: string) =>
    decodeMask(await readSource(path, options), { name: path, pixelsMax: options.pixelsMax });
  return {
    id,
    group,
    file,
    image: await decodeImage(file, open),
    ...(entry.mask !== undefined && { mask: await maskFrom(entry.mask) }),
    ...(entry.ignore !== undefined && { ignore: await maskFrom(entry.ignore) }),
    ...(volume !== undefined && { volume }),
    attributes,
  };
}

async function loadVolume(entry: SourceEntry, options: LoadOptions): Promise<LoadedItem[]> {
  const { id, group = id, attributes } = entry;
  const { pixelsMax } = options;
  const volume = await readVolume(await readSource(entry.image, options), { name: entry.image, pixelsMax });
  const masks = entry.mask === undefined ? undefined : await loadMaskSlices(entry.mask, options);
  const { stored, slope, intercept } = scaleVolume(volume, entry.image);
  const { width, height, sliceCount } = volume;
  const described = {
    ...attributes,
    // Value in the file's own unit = intercept + slope · stored pixel; one map a volume.
    intensitySlope: String(slope),
    intensityIntercept: String(intercept),
    spacing: volume.spacing.join(' '),
  };
  if (masks !== undefined && masks.length !== sliceCount) {
    throw unreadable(entry.mask!, `its ${masks.length} slices do not fit the image's ${sliceCount}`, {
      reason: 'mask-size',
    });
  }
  const digits = String(sliceCount - 1).length;
  return Array.from({ length: sliceCount }, (_, slice): LoadedItem => {
    const data = stored.subarray(slice * width * height, (slice + 1) * width * height);
    return {
      id: `${id}-z${String(slice).padStart(digits, '0')}`,
      group,
      image: { width, height, channels: 1, bitDepth: 16, data },
      ...(masks !== undefined && { mask: masks[slice]! }),
      volume: { id, slice, sliceCount },
      attributes: described,
    };
  });
}

async function loadMaskSlices(path: string, options: LoadOptions): Promise<DecodedMask[]> {
  const volume = await readVolume(await readSource(path, options), { name: path, pixelsMax: options.pixelsMax });
  const { width, height, sliceCount } = volume;
  const data = volumeClasses(volume, path);
  return Array.from({ length: sliceCount }, (_, slice) => {
    return { width, height, data: data.subarray(slice * width * height, (slice + 1) * width * height) };
  });
}

async function readSource(path: string, { folder, pixelsMax = PIXELS_MAX }: LoadOptions): Promise<Uint8Array> {
  const full = join(folder, path);
  try {
    const { size } = await stat(full);
    // Two double-precision volumes' worth of the limit: more is no image that would be accepted.
    if (size > 16 * pixelsMax + 16_777_216) throw unreadable(path, `it has ${size} bytes`, { reason: 'pixel-limit' });
    const { buffer, byteOffset, byteLength } = await readFile(full);
    return new Uint8Array(buffer, byteOffset, byteLength); // a Buffer's slice would share memory where others copy
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'IMAGE_UNREADABLE') throw error;
    throw unreadable(path, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
