import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatasetItem } from '@probity/core/schemas/dataset-version';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeImage } from '../images/decode-image.js';
import { decodeMask } from '../images/decode-mask.js';
import { createTestFolder, type TestFolder } from '../testing/image-folder.js';
import { importDataset, type ImportRequest } from './import-dataset.js';

const data = join(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/data');
const isThere = existsSync(data);
if (!isThere) console.warn(`Skipped: real images are not in ${data}`);

let folder: TestFolder;
let store: MemoryArtifactStore;
beforeEach(async () => {
  folder = await createTestFolder();
  store = new MemoryArtifactStore();
});
afterEach(() => folder.remove());

/** Copies every nth row of a table and the files it names: all of a set takes a minute. */
async function importSome(
  set: string,
  { table, every, ...options }: { table: string; every: number } & Partial<ImportRequest>,
) {
  const [header = '', ...rows] = (await readFile(join(data, set, table), 'utf8')).trim().split('\n');
  const chosen = rows.filter((_, i) => i % every === 0);
  await folder.put(table, [header, ...chosen].join('\n'));
  for (const file of chosen.flatMap((row) => row.split(',').filter((cell) => /^(images|masks)\//.test(cell)))) {
    await mkdir(dirname(join(folder.path, file)), { recursive: true });
    await copyFile(join(data, set, file), join(folder.path, file));
  }
  const { dataset } = await importDataset({ store, folder: folder.path, name: 'real', ...options });
  expect(dataset.items.length).toBeGreaterThan(15);
  return dataset;
}

async function maskCounts({ id, label }: DatasetItem): Promise<number[]> {
  if (label?.kind !== 'mask') throw new Error(`${id} has no mask`);
  const { data: mask } = await decodeMask(await store.get(label.mask), { name: id });
  return [0, 1, 2].map((value) => mask.filter((pixel) => pixel === value).length);
}

/** The manifests' own numbers were counted by other tools from the sources. */
describe.skipIf(!isThere)('importDataset() of real images', () => {
  it('counts the cavity of Sunnybrook as its manifest does', async () => {
    const { items } = await importSome('sunnybrook-lv', { table: 'manifest.csv', every: 25, groupColumn: 'patient' });
    for (const item of items) {
      expect((await maskCounts(item))[1]).toBe(Number(item.attributes['lv_px']));
      expect(item.id.startsWith(item.group)).toBe(true);
    }
  });

  it('reads RGBA nuclei as grey where they are, and 16-bit object numbers as one class', async () => {
    const { items } = await importSome('dsb2018-nuclei', {
      table: 'manifest.csv',
      every: 20,
      groupColumn: 'group_guess',
      maskValues: 'any-foreground',
    });
    for (const item of items) {
      const { width, height } = item.image;
      expect([width, height]).toEqual([Number(item.attributes['width']), Number(item.attributes['height'])]);
      expect((await maskCounts(item))[1]! / (width * height)).toBeCloseTo(Number(item.attributes['foreground']), 4);
      expect(item.image.channels).toBe(item.group.startsWith('stained-colour') ? 3 : 1);
    }
  });

  it('reads hippocampus volumes of both pixel types: voxels a class, least and greatest value', async () => {
    const { items } = await importSome('msd-hippocampus', {
      table: 'manifest.csv',
      every: 40,
      classes: ['background', 'anterior', 'posterior'],
    });
    const types = new Set(items.map(({ attributes }) => attributes['dtype']));
    expect(types.size).toBe(2);
    for (const volume of new Set(items.map(({ group }) => group))) {
      const slices = items.filter(({ group }) => group === volume);
      const { attributes } = slices[0]!;
      const counts = await Promise.all(slices.map(maskCounts));
      expect(counts.reduce((sum, [, anterior]) => sum + anterior!, 0)).toBe(Number(attributes['anterior_vox']));
      expect(counts.reduce((sum, [, , posterior]) => sum + posterior!, 0)).toBe(Number(attributes['posterior_vox']));
      const images = await Promise.all(
        slices.map(async ({ image, id }) => decodeImage(await store.get(image), { name: id })),
      );
      const [slope, intercept] = [Number(attributes['intensitySlope']), Number(attributes['intensityIntercept'])];
      const greatest = Math.max(...images.map((image) => Math.max(...image.data)));
      expect(intercept).toBeCloseTo(Number(attributes['min']), 0);
      expect((intercept + slope * greatest) / Number(attributes['max'])).toBeCloseTo(1, 3);
      expect(slices.map(({ image }) => [image.width, image.height])[0]).toEqual([
        Number(attributes['x']),
        Number(attributes['y']),
      ]);
      expect(slices.length).toBe(Number(attributes['z']));
    }
  });

  it('decodes chest X-rays to the very pixels of the source, and takes names from the class column', async () => {
    const { items, classes } = await importSome('pneumoniamnist', { table: 'labels.csv', every: 150 });
    expect(classes).toEqual(['normal', 'pneumonia']);
    for (const { image, id, attributes } of items) {
      const { data: pixels } = await decodeImage(await store.get(image), { name: id });
      expect(createHash('md5').update(pixels).digest('hex')).toBe(attributes['pixels_md5']);
    }
  });
});
