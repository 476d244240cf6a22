import { blobKey, importedVersionKey } from '@probity/core/artifacts/keys';
import { createRandom, type Random } from '@probity/core/numerics/random';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { DatasetItem, DatasetVersion } from '@probity/core/schemas/dataset-version';
import { sha256Hex } from '@probity/connections/hash';
import { encodeGreyPng } from '@probity/datasets/images/encode-png';

export interface DiscDataset {
  readonly name: string;
  readonly groups: number;
  readonly itemsPerGroup: number;
  /** Groups whose items have labels; the others are the pool. */
  readonly labelledGroups: number;
  readonly size?: number;
  /** Ids of items whose image is no image. */
  readonly broken?: readonly string[];
  /** Names of the classes behind the background; a disc is of the first but in the groups that `secondClassGroups` lists. */
  readonly classes?: readonly string[];
  readonly secondClassGroups?: readonly number[];
}

export const itemId = (group: number, index: number): string => `g${group}-${index}`;

/** Stores a small data set of bright discs on noise, as an import would have: learnt within some thirty steps. */
export async function storeDiscDataset(store: ArtifactStore, request: DiscDataset): Promise<ArtifactRef> {
  const { name, groups, itemsPerGroup, classes = ['disc'] } = request;
  const items: DatasetItem[] = [];
  for (let group = 0; group < groups; group++) {
    for (let index = 0; index < itemsPerGroup; index++) items.push(await storeItem(store, { ...request, group, index }));
  }
  const version: DatasetVersion = {
    schemaVersion: 1,
    name,
    version: 'import',
    task: 'segmentation',
    classes: ['background', ...classes],
    items,
    setAside: [],
  };
  return store.put(importedVersionKey(name), new TextEncoder().encode(JSON.stringify(version)));
}

type ItemRequest = DiscDataset & { readonly group: number; readonly index: number };

async function storeItem(store: ArtifactStore, request: ItemRequest): Promise<DatasetItem> {
  const { group, index, labelledGroups, size = 32, broken = [], secondClassGroups = [] } = request;
  const id = itemId(group, index);
  const classIndex = secondClassGroups.includes(group) ? 2 : 1;
  const { image, mask } = drawDisc(createRandom(11, group, index), { size, classIndex });
  const shape = { height: size, width: size };
  const bytes = broken.includes(id) ? new TextEncoder().encode(`no image ${id}`) : await encodeGreyPng(image, shape);
  const hasLabel = group < labelledGroups;
  return {
    id,
    group: `g${group}`,
    image: { ...(await storePng(store, bytes)), ...shape, channels: 1, bitDepth: 8 },
    ...(hasLabel && {
      label: {
        kind: 'mask' as const,
        origin: 'human' as const,
        classes: [0, classIndex],
        mask: await storePng(store, await encodeGreyPng(mask, shape)),
      },
    }),
    attributes: {},
  };
}

const storePng = (store: ArtifactStore, bytes: Uint8Array): Promise<ArtifactRef> =>
  store.put(blobKey(sha256Hex(bytes), 'png'), bytes);

function drawDisc(random: Random, { size, classIndex }: { size: number; classIndex: number }) {
  const radius = size * (0.15 + 0.12 * random.next());
  const [x, y] = [size * (0.3 + 0.4 * random.next()), size * (0.3 + 0.4 * random.next())];
  const mask = new Uint8Array(size * size);
  const image = Uint8Array.from(mask, (_, i) => {
    const inside = Math.hypot((i % size) - x, Math.floor(i / size) - y) < radius;
    if (inside) mask[i] = classIndex;
    const grey = 60 + (inside ? (classIndex === 2 ? 60 : 120) : 0) + 12 * random.normal();
    return Math.max(0, Math.min(255, Math.round(grey)));
  });
  return { image, mask };
}
