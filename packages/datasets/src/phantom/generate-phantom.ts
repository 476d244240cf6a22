import { requireInput } from '@probity/core/errors';
import { createRandom } from '@probity/core/numerics/random';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { DatasetItem } from '@probity/core/schemas/dataset-version';
import { encodeGrey16Png, encodeGreyPng } from '../images/encode-png.js';
import { mapLimited } from '../map-limited.js';
import { putBlob } from '../versions/put-blob.js';
import { storeImportedVersion, type ImportedVersion } from '../versions/store-imported-version.js';
import { drawPhantomImage, drawTruth, phantomProbability } from './draw-phantom.js';

export interface PhantomOptions {
  readonly store: ArtifactStore;
  /** Of the data set. */
  readonly name: string;
  readonly seed: number;
  readonly items: number;
  /** Items are dealt to groups in turn blocks; the images of a group share brightness and contrast. */
  readonly groups: number;
  /** Height and width in pixels. Default 64. */
  readonly size?: number;
  /** Sharpness of the truth: the smaller, the more doubt. Default 80; foreground is then about a tenth. */
  readonly beta?: number;
  /** Raises t for the last `groups` groups: foreground gets rarer there, the images do not change. */
  readonly shift?: { readonly groups: number; readonly amount: number };
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

const PARALLEL = 4;

/**
 * Makes a data set whose true probability is known: p(x) is a function of the image as stored, and each pixel of the
 * mask is Bernoulli(p(x)) given the image. Every item is labelled (a campaign hides the pool's labels) and names the
 * 16-bit map of p in its attribute `trueProbability` (key in the store; 65535 = probability 1).
 *
 * The same options make the same bytes.
 *
 * @throws {ProbityError} `INVALID_INPUT`, `ARTIFACT_EXISTS`
 * @see METHOD, section 8
 */
export async function generatePhantom(options: PhantomOptions): Promise<ImportedVersion> {
  const { items, groups, name, onProgress, size = 64 } = options;
  requireInput(
    Number.isInteger(items) && items >= 1,
    `Cannot generate phantom "${name}": ${items} items, must be 1 or more`,
  );
  requireInput(
    Number.isInteger(groups) && groups >= 1 && groups <= items,
    `Cannot generate phantom "${name}": ${groups} groups for ${items} items, must be 1 to the number of items`,
  );
  requireInput(
    Number.isInteger(size) && size >= 16 && size <= 1024,
    `Cannot generate phantom "${name}": size ${size}, must be 16 to 1024`,
  );
  let done = 0;
  const made = await mapLimited([...Array(items).keys()], PARALLEL, async (index) => {
    const item = await makeItem(options, index);
    onProgress?.({ done: ++done, total: items });
    return item;
  });
  const version = {
    schemaVersion: 1,
    name,
    version: 'import',
    task: 'segmentation',
    classes: ['background', 'lesion'],
  } as const;
  return storeImportedVersion(options.store, { ...version, classes: [...version.classes], items: made, setAside: [] });
}

async function makeItem(options: PhantomOptions, index: number): Promise<DatasetItem> {
  const { store, seed, items, groups, size = 64, beta = 80, shift } = options;
  const group = Math.floor((index * groups) / items);
  const look = createRandom(seed, 'phantom-group', group);
  const brightness = 0.05 * (2 * look.next() - 1);
  const contrast = 0.9 + 0.2 * look.next();
  const image = drawPhantomImage({ size, brightness, contrast }, createRandom(seed, 'phantom-image', index));
  const shifted = shift !== undefined && group >= groups - shift.groups ? shift.amount : 0;
  const probability = phantomProbability(image, { beta, shift: shifted });
  const truth = drawTruth(probability, createRandom(seed, 'phantom-truth', index));

  const square = { width: size, height: size };
  const stored = await putBlob(store, await encodeGreyPng(image, square), 'png');
  const mask = await putBlob(store, await encodeGreyPng(truth, square), 'png');
  const map = Uint16Array.from(probability, (p) => Math.round(65_535 * p));
  const trueProbability = await putBlob(store, await encodeGrey16Png(map, square), 'png');
  return {
    id: `phantom-${String(index).padStart(5, '0')}`,
    group: `group-${String(group).padStart(3, '0')}`,
    image: { ...stored, ...square, channels: 1, bitDepth: 8 },
    label: { kind: 'mask', mask, classes: [...new Set(truth)].toSorted(), origin: 'human' },
    attributes: { trueProbability: trueProbability.key, ...(shifted !== 0 && { shift: String(shifted) }) },
  };
}
