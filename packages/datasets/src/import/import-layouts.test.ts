import { ProbityError } from '@probity/core/errors';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestFolder, maskOf, picture, type TestFolder } from '../testing/image-folder.js';
import { importDataset, type ImportRequest } from './import-dataset.js';

let folder: TestFolder;
let store: MemoryArtifactStore;
beforeEach(async () => {
  folder = await createTestFolder();
  store = new MemoryArtifactStore();
});
afterEach(() => folder.remove());

const run = (options: Partial<ImportRequest> = {}) =>
  importDataset({ store, folder: folder.path, name: 'lv', ...options });
const faultsOf = async (options: Partial<ImportRequest> = {}): Promise<string[]> => {
  const error: unknown = await run(options).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof ProbityError)) throw new Error(`wanted faults, got ${String(error)}`);
  expect(error.code).toBe('DATASET_INVALID');
  const kept: string[] = [];
  for await (const key of store.list('')) kept.push(key);
  expect(kept).toEqual([]); // nothing is imported by half
  return error.details['faults'] as string[];
};

describe('importDataset() of other layouts', () => {
  it('reads images/ and masks/ without a table', async () => {
    await folder.put('images/x/a.png', await picture('a'));
    await folder.put(
      'images/b.tif',
      await sharp(await picture('b'))
        .toColourspace('b-w')
        .tiff({ compression: 'lzw' })
        .toBuffer(),
    );
    await folder.put('masks/x/a.png', await maskOf([0, 1, 2]));
    const { dataset, summary } = await run({ classes: ['none', 'left', 'right'] });
    expect(summary.layout).toBe('folders');
    expect(dataset.items.map(({ id, label }) => [id, label?.kind])).toEqual([
      ['b', undefined],
      ['x/a', 'mask'],
    ]);
    await folder.put('masks/c.png', await maskOf([0]));
    await expect(run({ name: 'other' })).rejects.toThrow('masks/c.png: label-without-image');
  });

  it('reads a folder per class', async () => {
    for (const file of ['cat/1.png', 'cat/2.png', 'dog/1.png']) await folder.put(file, await picture(file));
    const { dataset } = await run();
    expect(dataset).toMatchObject({ task: 'classification', classes: ['cat', 'dog'] });
    expect(dataset.items.map(({ id, label }) => [id, label])).toEqual([
      ['cat/1', { kind: 'class', classIndex: 0, origin: 'human' }],
      ['cat/2', { kind: 'class', classIndex: 0, origin: 'human' }],
      ['dog/1', { kind: 'class', classIndex: 1, origin: 'human' }],
    ]);
  });

  it('reads labels.csv: indices that a class column names, and rows without label', async () => {
    for (const file of ['1', '2', '3']) await folder.put(`pics/${file}.png`, await picture(file));
    await folder.put(
      'labels.csv',
      'id,image,label,class\none,pics/1.png,1,pneumonia\ntwo,pics/2.png,0,normal\nthree,pics/3.png,,\n',
    );
    const { dataset } = await run();
    expect(dataset.classes).toEqual(['normal', 'pneumonia']);
    expect(
      dataset.items.map(({ id, label, attributes }) => [
        id,
        label?.kind === 'class' ? label.classIndex : undefined,
        attributes,
      ]),
    ).toEqual([
      ['one', 1, {}],
      ['three', undefined, {}],
      ['two', 0, {}],
    ]);
  });

  it('reads labels.csv: names as labels, and refuses unknown ones and files without row', async () => {
    for (const file of ['1', '2', '3']) await folder.put(`${file}.png`, await picture(file));
    await folder.put('labels.csv', 'file,label\n1.png,cat\n2.png,dog\n');
    expect(await faultsOf()).toEqual(['3.png: image-without-label-row: no row names it']);
    await folder.put('labels.csv', 'file,label\n1.png,cat\n2.png,dog\n3.png,cow\n');
    expect(await faultsOf({ classes: ['cat', 'dog'] })).toEqual([
      '3.png: unknown-class: class "cow" is unknown; classes are cat, dog',
    ]);
    expect((await run()).dataset.classes).toEqual(['cat', 'cow', 'dog']);
  });

  it('says what it looked for where no layout fits', async () => {
    await folder.put('a.png', await picture('a'));
    await expect(run()).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringContaining('no manifest.csv, no labels.csv'),
    });
    await expect(run({ layout: 'manifest' })).rejects.toThrow('it has no manifest.csv');
    await expect(run({ folder: `${folder.path}/gone` })).rejects.toMatchObject({ code: 'DATASET_MISSING' });
    await expect(run({ name: 'Not A Name' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
