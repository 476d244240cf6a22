import { ProbityError } from '@probity/core/errors';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeImage } from '../images/decode-image.js';
import { decodeMask } from '../images/decode-mask.js';
import { encodeGrey16Png } from '../images/encode-png.js';
import { readVersion } from '../versions/read-version.js';
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

/** Two patients with three labelled images and one without mask. */
async function manifestFolder(): Promise<void> {
  await folder.put(
    'manifest.csv',
    'id,image,mask,patient,scanner\na,images/a.png,masks/a.png,P1,"one, old"\nb,images/b.png,masks/b.png,P1,two\nc,images/c.png,masks/c.png,P2,\nd,images/d.png,,P2,two\n',
  );
  for (const id of ['a', 'b', 'c', 'd']) await folder.put(`images/${id}.png`, await picture(id));
  for (const id of ['a', 'b', 'c']) await folder.put(`masks/${id}.png`, await maskOf([0, 0, 1]));
}

describe('importDataset() of a manifest', () => {
  it('stores images, masks, groups and attributes', async () => {
    await manifestFolder();
    const { dataset, version, summary } = await run({ groupColumn: 'patient' });
    expect(await readVersion(store, version)).toEqual(dataset);
    expect(dataset.items.map(({ id, group, attributes, label }) => [id, group, attributes, label?.origin])).toEqual([
      ['a', 'P1', { scanner: 'one, old' }, 'human'],
      ['b', 'P1', { scanner: 'two' }, 'human'],
      ['c', 'P2', {}, 'human'],
      ['d', 'P2', { scanner: 'two' }, undefined],
    ]);
    expect(dataset.classes).toEqual(['background', 'foreground']);
    expect(dataset.items[0]!.label).toMatchObject({ kind: 'mask', classes: [0, 1] });
    expect(await store.get(dataset.items[0]!.image)).toEqual(await picture('a')); // kept byte for byte
    expect(summary).toMatchObject({
      layout: 'manifest',
      itemCount: 4,
      labelledCount: 3,
      groupCount: 2,
      widthMax: 8,
      heightMin: 6,
      colourCount: 0,
    });
    expect(summary.classes).toEqual([
      { name: 'background', itemCount: 3 },
      { name: 'foreground', itemCount: 3 },
    ]);
  });

  it('detects the group column, or says that each image is its own group', async () => {
    await manifestFolder();
    expect((await run()).summary.remarks).toEqual(['items are grouped by column "patient"']);
    await folder.put('manifest.csv', 'image\nimages/a.png\nimages/b.png\nimages/c.png\nimages/d.png\n');
    const { summary, dataset } = await run({ name: 'bare' });
    expect(summary.remarks).toEqual(['no group column was named: every image, or volume, is a group of its own']);
    expect(dataset.items.map(({ group }) => group)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is a no-op for the same data and refuses other data under the name', async () => {
    await manifestFolder();
    const first = await run();
    expect(first.reused).toBe(false);
    expect(await run()).toMatchObject({ reused: true, version: first.version });
    await folder.put('images/a.png', await picture('other'));
    await expect(run()).rejects.toMatchObject({
      code: 'ARTIFACT_EXISTS',
      message: expect.stringContaining('choose another name'),
    });
  });

  it('lists every fault at once, with file and kind, and stores nothing', async () => {
    await manifestFolder();
    const whole = await picture('b', { width: 64, height: 64 });
    await folder.put('images/b.png', whole.subarray(0, whole.length / 2));
    await folder.put('masks/a.png', await maskOf([0, 1], { width: 8, height: 7 }));
    await folder.put('masks/c.png', await maskOf([0, 1, 9, 255]));
    await folder.put('masks/orphan.png', await maskOf([0]));
    await folder.put('images/stray.png', await picture('stray'));
    await folder.put('images/d.png', await picture('c'));
    await folder.put('images/large.png', await picture('large', { width: 40, height: 30 }));
    await folder.put(
      'manifest.csv',
      'id,image,mask,patient\na,images/a.png,masks/a.png,P1\nb,images/b.png,masks/b.png,P1\nc,images/c.png,masks/c.png,P2\nd,images/d.png,,P3\na,images/large.png,,P4\ne,images/e.png,masks/b.png,\n',
    );
    const faults = await faultsOf({ groupColumn: 'patient', pixelsMax: 1000, classes: ['background', 'cavity'] });
    expect(faults).toEqual(
      [
        expect.stringMatching(/^images\/a\.png: duplicate-id: id "a" belongs to images\/a\.png, images\/large\.png$/),
        expect.stringMatching(/^images\/b\.png: pixel-limit: it has 64 × 64 pixels, the limit is 1000$/),
        expect.stringMatching(
          /^images\/c\.png: duplicate-image: .*"d" \(images\/d\.png, group "P3"\); use --duplicates/,
        ),
        expect.stringMatching(/^images\/large\.png: pixel-limit: /),
        expect.stringMatching(/^images\/stray\.png: image-without-label-row: /),
        expect.stringMatching(/^manifest\.csv: missing-group: line 7: column "patient" is empty$/),
        expect.stringMatching(/^masks\/a\.png: mask-size: it has 8 × 7 pixels, images\/a\.png has 8 × 6$/),
        expect.stringMatching(/^masks\/b\.png: label-without-image: .*images\/e\.png is missing$/),
        expect.stringMatching(
          /^masks\/c\.png: unknown-class: values 9 \(12 pixels\), 255 \(12 pixels\) are no classes, which are 0 to 1$/,
        ),
        expect.stringMatching(/^masks\/orphan\.png: label-without-image: /),
      ].map((matcher) => matcher as string),
    );
  });

  it('names a truncated image, a missing file, and a path that leaves the folder', async () => {
    await manifestFolder();
    const whole = await picture('b', { width: 64, height: 64 });
    await folder.put('images/b.png', whole.subarray(0, whole.length / 2));
    await folder.put('manifest.csv', 'id,image,mask\na,images/a.png,masks/gone.png\nb,images/b.png,\nc,../c.png,\n');
    const faults = await faultsOf();
    expect(faults).toContainEqual(expect.stringMatching(/^images\/b\.png: unreadable: not a whole image file/));
    expect(faults).toContainEqual('masks/gone.png: file-missing: the mask of "a" is missing');
    expect(faults).toContainEqual('manifest.csv: bad-table: line 4: "../c.png" leaves the folder');
  });

  it('sets broken images without label aside when asked; broken labelled ones stay faults', async () => {
    await manifestFolder();
    await folder.put('images/d.png', 'no image');
    expect(await faultsOf()).toEqual([expect.stringMatching(/^images\/d\.png: unreadable: /)]);
    const { dataset, summary } = await run({ setAsideBroken: true });
    expect(dataset.setAside).toEqual([
      { id: 'd', reason: expect.stringContaining('Cannot read image "images/d.png"') },
    ]);
    expect(summary).toMatchObject({ itemCount: 3, setAsideCount: 1 });
    await folder.put('images/a.png', 'no image');
    await expect(run({ setAsideBroken: true, name: 'other' })).rejects.toMatchObject({ code: 'DATASET_INVALID' });
  });

  it('settles pixel-identical images in two groups as asked', async () => {
    await manifestFolder();
    const { data, info } = await sharp(await picture('a'))
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const asTiff = await sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } })
      .toColourspace('b-w')
      .tiff({ compression: 'lzw' })
      .toBuffer();
    await folder.put('images/c.tif', asTiff); // other bytes, the same pixels
    await folder.put(
      'manifest.csv',
      'id,image,mask,patient\na,images/a.png,masks/a.png,P1\nb,images/b.png,masks/b.png,P0\nc,images/c.tif,masks/c.png,P2\nd,images/d.png,,P2\ne,images/c.png,,P9\n',
    );
    expect(await faultsOf()).toHaveLength(1);
    const merged = await run({ duplicates: 'merge-groups', name: 'merged' });
    expect(merged.dataset.items.map(({ id, group }) => [id, group])).toEqual([
      ['a', 'P1'],
      ['b', 'P0'],
      ['c', 'P1'],
      ['d', 'P1'],
      ['e', 'P9'],
    ]);
    const first = await run({ duplicates: 'keep-first', name: 'first' });
    expect(first.dataset.items.map(({ id }) => id)).toEqual(['a', 'b', 'd', 'e']);
    expect(first.dataset.setAside).toEqual([{ id: 'c', reason: 'its pixels are those of "a", which is kept' }]);
  });

  it('takes object numbers of 16 bits as one class when asked, and says so when not', async () => {
    await manifestFolder();
    const wide = Uint16Array.from({ length: 48 }, (_, i) => (i < 24 ? 0 : 200 + i));
    await folder.put('masks/a.png', await encodeGrey16Png(wide, { width: 8, height: 6 }));
    expect(await faultsOf()).toEqual([expect.stringMatching(/unknown-class.*--mask-values any-foreground/)]);
    const { dataset } = await run({ maskValues: 'any-foreground' });
    const label = dataset.items[0]!.label!;
    if (label.kind !== 'mask') throw new Error('no mask');
    const mask = await decodeMask(await store.get(label.mask), { name: 'a' });
    expect(mask.data).toEqual(Uint8Array.from(wide, (value) => (value > 0 ? 1 : 0)));
  });

  it('stores RGBA without colour as one channel, and a turned JPEG upright', async () => {
    const grey = (await decodeImage(await picture('g'), { name: 'g' })).data;
    const rgba = Uint8Array.from({ length: 192 }, (_, i) => (i % 4 === 3 ? 0 : grey[i >> 2]!));
    await folder.put(
      'images/g.png',
      await sharp(rgba, { raw: { width: 8, height: 6, channels: 4 } })
        .png()
        .toBuffer(),
    );
    const turned = await sharp(await picture('t'))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    await folder.put('images/t.jpg', turned);
    await folder.put('manifest.csv', 'image\nimages/g.png\nimages/t.jpg\n');
    const { items } = (await run()).dataset;
    expect(items.map(({ image }) => [image.width, image.height, image.channels, image.key.split('.').at(-1)])).toEqual([
      [8, 6, 1, 'png'],
      [6, 8, 1, 'png'],
    ]);
    expect((await decodeImage(await store.get(items[0]!.image), { name: 'g' })).data).toEqual(grey);
    expect((await sharp(await store.get(items[0]!.image)).metadata()).hasAlpha).toBe(false);
  });

  it('refuses columns it cannot use, naming those that are there', async () => {
    await manifestFolder();
    expect(await faultsOf({ groupColumn: 'site' })).toEqual([
      'manifest.csv: missing-group: no column "site"; there are id, image, mask, patient, scanner',
    ]);
    await folder.put('manifest.csv', 'id,picture\na,images/a.png\n');
    expect(await faultsOf()).toEqual([expect.stringContaining('manifest.csv: bad-table: no column for images')]);
    await folder.put('manifest.csv', 'id,image\na,images/a.png,more\n');
    expect(await faultsOf()).toEqual([expect.stringContaining('manifest.csv: bad-table')]);
  });

  it('reports progress and stops when aborted', async () => {
    await manifestFolder();
    const seen: string[] = [];
    await run({ onProgress: ({ stage, done, total }) => seen.push(`${stage} ${done}/${total}`) });
    expect(seen).toEqual([
      ...[1, 2, 3, 4].map((done) => `checking ${done}/4`),
      ...[1, 2, 3, 4].map((done) => `storing ${done}/4`),
    ]);
    await expect(run({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  it('leaves no version behind when the store fails half-way', async () => {
    await manifestFolder();
    let puts = 0;
    store.beforePut = () => {
      if (++puts > 3) throw new ProbityError('STORE_FULL', 'Cannot put artifact: no space is left');
    };
    await expect(run()).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(await store.find('datasets/lv/import.json')).toBeUndefined();
    store.beforePut = () => {};
    expect((await run()).summary.itemCount).toBe(4);
  });
});
