import { createHash } from 'node:crypto';
import { hasCode } from '@probity/core/errors';
import type { SetAside } from '@probity/core/schemas/dataset-version';
import type { DecodedImage } from '../images/decode-image.js';
import type { UnreadableReason } from '../images/open-image.js';
import { mapLimited } from '../map-limited.js';
import { isVolumeFile } from './folder-files.js';
import type { ImportFault } from './import-fault.js';
import { loadEntry, type LoadedItem, type LoadOptions } from './load-entry.js';
import type { SourceEntry } from './source-listing.js';

/** Images decoded at once. */
const PARALLEL = 4;

/** What is remembered of an item once its pixels are let go. */
export interface CheckedItem {
  readonly id: string;
  readonly group: string;
  readonly entry: SourceEntry;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Of the decoded pixels: equal for equal images, whatever their files are. */
  readonly pixelDigest: string;
  /** One value everywhere: an empty slice, which proves no leak. */
  readonly isConstant: boolean;
  /** Mask value → pixels. */
  readonly values?: ReadonlyMap<number, number>;
}

export interface CheckResult {
  readonly items: readonly CheckedItem[];
  readonly faults: readonly ImportFault[];
  readonly setAside: readonly SetAside[];
}

export interface CheckOptions extends LoadOptions {
  /** Unlabelled images that cannot be read are listed instead of refused. */
  readonly setAsideBroken: boolean;
  readonly onEntry: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** Opens every file once and keeps no pixels. */
export async function checkEntries(entries: readonly SourceEntry[], options: CheckOptions): Promise<CheckResult> {
  const checked = await mapLimited(entries, parallelFor(entries), (entry) => checkEntry(entry, options));
  return {
    items: checked.flatMap(({ items }) => items),
    faults: checked.flatMap(({ faults }) => faults),
    setAside: checked.flatMap(({ setAside }) => setAside),
  };
}

/** One volume at a time: it may fill a gigabyte. */
export const parallelFor = (entries: readonly SourceEntry[]): number =>
  entries.some(({ image }) => isVolumeFile(image)) ? 1 : PARALLEL;

async function checkEntry(entry: SourceEntry, options: CheckOptions): Promise<CheckResult> {
  options.signal?.throwIfAborted();
  const none = { items: [], faults: [], setAside: [] };
  try {
    const loaded = await loadEntry(entry, options);
    const faults = loaded.flatMap((item) => sizeFaults(item, entry));
    // A volume whose mask does not fit is one fault, not one a slice.
    return {
      ...none,
      items: loaded.map((item) => remember(item, entry)),
      faults: faults.slice(0, 1),
    };
  } catch (error) {
    if (!hasCode(error, 'IMAGE_UNREADABLE')) throw error;
    const isLabelled = entry.mask !== undefined || entry.className !== undefined;
    if (options.setAsideBroken && !isLabelled) return { ...none, setAside: [{ id: entry.id, reason: error.message }] };
    const { name = entry.image, reason = 'unreadable' } = error.details as { name?: string; reason?: UnreadableReason };
    const [, state = error.message] = /^Cannot read image "[^"]*": ([^]*)$/.exec(error.message) ?? [];
    return { ...none, faults: [{ kind: reason, file: name, message: state }] };
  } finally {
    options.onEntry();
  }
}

function sizeFaults({ image, mask, ignore }: LoadedItem, entry: SourceEntry): ImportFault[] {
  const pairs = [
    [mask, entry.mask],
    [ignore, entry.ignore],
  ] as const;
  return pairs.flatMap(([label, file]): ImportFault[] => {
    if (label === undefined || (label.width === image.width && label.height === image.height)) return [];
    const message = `it has ${label.width} × ${label.height} pixels, ${entry.image} has ${image.width} × ${image.height}`;
    return [{ kind: 'mask-size', file: file!, message }];
  });
}

function remember({ id, group, image, mask }: LoadedItem, entry: SourceEntry): CheckedItem {
  const { width, height, channels } = image;
  const seen = {
    id,
    group,
    entry,
    width,
    height,
    channels,
    pixelDigest: pixelDigest(image),
    isConstant: isConstant(image),
  };
  return mask === undefined ? seen : { ...seen, values: countValues(mask.data) };
}

export function pixelDigest({ width, height, channels, bitDepth, data }: DecodedImage): string {
  const hash = createHash('sha256').update(`${width} ${height} ${channels} ${bitDepth} `);
  return hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).digest('hex');
}

function isConstant({ data, channels }: DecodedImage): boolean {
  for (let i = channels; i < data.length; i++) if (data[i] !== data[i - channels]) return false;
  return true;
}

function countValues(data: Uint8Array | Uint16Array): ReadonlyMap<number, number> {
  const counts = new Uint32Array(data instanceof Uint8Array ? 256 : 65_536);
  for (let i = 0; i < data.length; i++) counts[data[i]!]!++;
  const present = new Map<number, number>();
  counts.forEach((count, value) => {
    if (count > 0) present.set(value, count);
  });
  return present;
}
