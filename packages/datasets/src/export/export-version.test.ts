import { readdir, readFile, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetVersion } from '@probity/core/schemas/dataset-version';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importDataset } from '../import/import-dataset.js';
import { readLedger } from '../ledger/read-ledger.js';
import { createTestFolder, type TestFolder } from '../testing/image-folder.js';
import { publishedVersion, testItem } from '../testing/published-version.js';
import { exportNames } from './export-names.js';
import { exportVersion } from './export-version.js';

let folder: TestFolder;
let store: MemoryArtifactStore;
let out: string;
beforeEach(async () => {
  folder = await createTestFolder();
  store = new MemoryArtifactStore();
  out = join(folder.path, 'out');
});
afterEach(() => folder.remove());

describe('exportVersion() as PNG', () => {
  it('is read back by an import: images, masks, ignore masks, groups, origins, slices, class names', async () => {
    const version = await publishedVersion(store);
    expect(await exportVersion({ store, version, format: 'png', out })).toEqual({ itemCount: 4, labelCount: 3 });
    expect((await readdir(out)).sort()).toEqual([
      'dataset.json',
      'ignore',
      'images',
      'ledger.parquet',
      'manifest.csv',
      'masks',
    ]);
    const other = new MemoryArtifactStore();
    const { dataset } = await importDataset({ store: other, folder: out, name: 'again' });
    expect(dataset.classes).toEqual(version.classes);
    const renamed = { note: 'say "hi",\nthen go', attribute_group: 'not the group' };
    const expected = version.items.map(({ role: _role, ...rest }) =>
      rest.id === 'A/x' ? { ...rest, attributes: renamed } : rest,
    );
    expect(dataset.items).toEqual(expected);
    for (const { image } of dataset.items) expect(await other.get(image)).toEqual(await store.get(image));
  });

  it('keeps the ledger of what is exported, and filters', async () => {
    const version = await publishedVersion(store);
    const result = await exportVersion({
      store,
      version,
      format: 'png',
      out,
      filter: { origin: 'machine', confidenceMin: 0.9 },
    });
    expect(result).toEqual({ itemCount: 1, labelCount: 1 });
    const rows = await readLedger(new Uint8Array(await readFile(join(out, 'ledger.parquet'))));
    expect(rows).toMatchObject([
      { item: 'a_x', modelHash: 'feed', foregroundMin: [0.8, 0.8], confidence: 0.912345678901 },
    ]);
    await expect(
      exportVersion({ store, version, format: 'png', out: `${out}2`, filter: { round: 9 } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('writes equal files for equal versions, and numbers every item in the progress', async () => {
    const version = await publishedVersion(store);
    const seen: string[] = [];
    await exportVersion({
      store,
      version,
      format: 'png',
      out,
      onProgress: ({ done, total }) => seen.push(`${done}/${total}`),
    });
    await exportVersion({ store, version, format: 'png', out: `${out}2` });
    expect(seen).toEqual(['1/4', '2/4', '3/4', '4/4']);
    const files = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files.length).toBe(11);
    for (const { name, parentPath } of files) {
      const first = join(parentPath, name);
      expect(await readFile(first.replace(out, `${out}2`))).toEqual(await readFile(first));
    }
  });

  it('writes a classification as a folder a class and labels.csv, and an import reads it back', async () => {
    const version: DatasetVersion = {
      schemaVersion: 1,
      name: 'chest',
      version: 'import',
      task: 'classification',
      classes: ['pneumonia', 'normal/healthy'],
      items: [
        await testItem(store, 'one', { label: { kind: 'class', classIndex: 1, origin: 'human' } }),
        await testItem(store, 'three', {}),
        await testItem(store, 'two', {
          label: { kind: 'class', classIndex: 0, origin: 'machine', round: 1, confidence: 0.9, decided: 1 },
        }),
      ],
      setAside: [],
    };
    await exportVersion({ store, version, format: 'png', out });
    expect((await readdir(out)).sort()).toEqual([
      '_unlabelled',
      'dataset.json',
      'labels.csv',
      'ledger.parquet',
      'normal_healthy',
      'pneumonia',
    ]);
    const { dataset } = await importDataset({ store, folder: out, name: 'again' });
    expect(dataset.items).toEqual(version.items);
    expect(dataset.classes).toEqual(version.classes);
    await expect(exportVersion({ store, version, format: 'coco', out: `${out}2` })).rejects.toThrow(
      'COCO describes regions',
    );
  });

  it('refuses a folder that holds something, and leaves nothing behind when it fails', async () => {
    const version = await publishedVersion(store);
    await mkdir(out);
    await writeFile(join(out, 'mine.txt'), 'mine');
    await expect(exportVersion({ store, version, format: 'png', out })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('it is not empty'),
    });
    store.corrupt(version.items[3]!.image.key);
    const empty = join(folder.path, 'empty');
    await mkdir(empty);
    await expect(exportVersion({ store, version, format: 'png', out: empty })).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
    });
    expect((await readdir(folder.path)).sort()).toEqual(['empty', 'out']);
    expect(await readdir(empty)).toEqual([]);
  });
});

describe('exportNames()', () => {
  it('makes portable names that stay apart', () => {
    expect([...exportNames(['a/b', 'a b', 'A_B', '..', 'é', 'a'.repeat(300)]).values()]).toEqual([
      'a_b',
      'a_b-2',
      'A_B-3',
      '_',
      '_-2',
      'a'.repeat(150),
    ]);
  });
});
