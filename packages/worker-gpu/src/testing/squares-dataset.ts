import { blobKey, importedVersionKey } from '@probity/core/artifacts/keys';
import { createRandom } from '@probity/core/numerics/random';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetItem, DatasetVersion } from '@probity/core/schemas/dataset-version';
import { sha256Hex } from '@probity/connections/hash';
import { encodeGreyPng } from '@probity/datasets/images/encode-png';

export interface SquaresOptions {
  readonly groupCount: number;
  readonly itemsPerGroup: number;
  /** Ids of items whose image is stored with its second half missing. */
  readonly broken?: readonly string[];
  /** For a classification the question is whether there is a square; every second item has one. */
  readonly task?: CampaignSpec['task'];
}

const SIZE = 32;

/** A data set of bright squares on a noisy ground, which a very small network learns in seconds. */
export async function importSquares(
  store: ArtifactStore,
  { groupCount, itemsPerGroup, broken = [], task = 'segmentation' }: SquaresOptions,
): Promise<ArtifactRef> {
  const items: DatasetItem[] = [];
  for (let i = 0; i < groupCount * itemsPerGroup; i++) {
    const id = `item-${String(i).padStart(3, '0')}`;
    const isClass = task === 'classification';
    const classIndex = Math.floor(i / groupCount) % 2;
    const { image, mask } = drawSquare(i, { isThere: !isClass || classIndex === 1 });
    const png = await encodeGreyPng(image, { height: SIZE, width: SIZE });
    items.push({
      id,
      group: `group-${String(i % groupCount).padStart(2, '0')}`,
      image: {
        ...(await putBlob(store, broken.includes(id) ? png.slice(0, png.length / 2) : png)),
        width: SIZE,
        height: SIZE,
        channels: 1,
        bitDepth: 8,
      },
      label: isClass
        ? { kind: 'class', classIndex, origin: 'human' }
        : {
            kind: 'mask',
            mask: await putBlob(store, await encodeGreyPng(mask, { height: SIZE, width: SIZE })),
            classes: [0, 1],
            origin: 'human',
          },
      attributes: {},
    });
  }
  const version: DatasetVersion = {
    schemaVersion: 1,
    name: 'squares',
    version: 'import',
    task,
    classes: task === 'classification' ? ['empty', 'square'] : ['background', 'square'],
    items,
    setAside: [],
  };
  return store.put(importedVersionKey('squares'), new TextEncoder().encode(JSON.stringify(version)));
}

const putBlob = (store: ArtifactStore, bytes: Uint8Array): Promise<ArtifactRef> =>
  store.put(blobKey(sha256Hex(bytes), 'png'), bytes);

function drawSquare(index: number, { isThere }: { isThere: boolean }): { image: Uint8Array; mask: Uint8Array } {
  const random = createRandom('squares', index);
  const [side, left, top] = [8 + random.integer(8), random.integer(16), random.integer(16)];
  const [image, mask] = [new Uint8Array(SIZE * SIZE), new Uint8Array(SIZE * SIZE)];
  for (let i = 0; i < SIZE * SIZE; i++) {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    const inside = isThere && x >= left && x < left + side && y >= top && y < top + side;
    mask[i] = inside ? 1 : 0;
    image[i] = Math.max(0, Math.min(255, (inside ? 170 : 80) + 25 * random.normal()));
  }
  return { image, mask };
}
