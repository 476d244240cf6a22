import { createRandom } from '@probity/core/numerics/random';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { DatasetItem, DatasetVersion, Label } from '@probity/core/schemas/dataset-version';
import { encodeGreyPng } from '../images/encode-png.js';
import { ledgerRows } from '../ledger/ledger-rows.js';
import { writeLedger } from '../ledger/write-ledger.js';
import { putBlob } from '../versions/put-blob.js';
import { picture } from './image-folder.js';

/** Of every picture; odd and not square, so that a mix-up of axes shows. */
const size = { width: 23, height: 17 };

const blobs = (seed: string, values: number) => {
  const random = createRandom(seed);
  return encodeGreyPng(
    Uint8Array.from({ length: size.width * size.height }, () => Math.max(0, random.integer(values * 2) - values)),
    size,
  );
};

async function maskLabel(
  store: ArtifactStore,
  id: string,
  rest: Partial<Extract<Label, { kind: 'mask' }>>,
): Promise<Label> {
  const mask = await putBlob(store, await blobs(`mask ${id}`, 3), 'png');
  return { kind: 'mask', mask, classes: [0, 1, 2], origin: 'human', ...rest };
}

export async function testItem(store: ArtifactStore, id: string, rest: Partial<DatasetItem>): Promise<DatasetItem> {
  const image = await putBlob(store, await picture(id, size), 'png');
  return { id, group: `${id} group`, image: { ...image, ...size, channels: 1, bitDepth: 8 }, attributes: {}, ...rest };
}

/** Human labels, a machine label with an ignore mask, an item without label, odd ids, a slice. */
export async function publishedVersion(store: ArtifactStore): Promise<DatasetVersion> {
  const decided = Uint8Array.from({ length: size.width * size.height }, (_, i) => (i % size.width < 6 ? 255 : 0));
  const ignore = await putBlob(store, await encodeGreyPng(decided, size), 'png');
  const machine = await maskLabel(store, 'b', {
    ignore,
    origin: 'machine',
    round: 2,
    confidence: 0.912345678901,
    decided: 1 / 3,
  });
  const volume = { id: 'scan 1', slice: 3, sliceCount: 9 };
  const version: DatasetVersion = {
    schemaVersion: 1,
    name: 'lv',
    version: 'round-2',
    campaignId: 'sunny',
    task: 'segmentation',
    classes: ['background', 'cavity', 'wall, outer'],
    items: [
      await testItem(store, 'A/x', {
        role: 'labelled',
        label: await maskLabel(store, 'a', {}),
        attributes: { note: 'say "hi",\nthen go', group: 'not the group' },
      }),
      await testItem(store, 'a_x', { role: 'pool', label: machine, volume, attributes: { scanner: 'two' } }),
      await testItem(store, 'c', { role: 'pool' }),
      await testItem(store, 'd', { role: 'test', label: await maskLabel(store, 'd', {}) }),
    ],
    setAside: [],
  };
  const thresholds = [1, 2].map((classIndex) => ({
    classIndex,
    foregroundMin: 0.8,
    backgroundMax: 0.1,
    basis: { kind: 'fixed' as const },
  }));
  const selection = {
    thresholds: { kind: 'fixed' as const, foregroundMin: 0.8, backgroundMax: 0.1 },
    decidedMin: 0.3,
    emptyItems: 'ignore' as const,
  };
  const rows = ledgerRows(version, { campaignId: 'sunny', modelHash: 'feed', thresholds, selection });
  return { ...version, ledger: await putBlob(store, await writeLedger(rows), 'parquet') };
}
