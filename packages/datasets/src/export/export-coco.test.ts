import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Label } from '@probity/core/schemas/dataset-version';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeMask } from '../images/decode-mask.js';
import { createTestFolder, type TestFolder } from '../testing/image-folder.js';
import { publishedVersion } from '../testing/published-version.js';
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

const cocoSchema = z.object({
  licenses: z.array(z.object({ id: z.number(), name: z.string(), url: z.string() })),
  images: z.array(
    z.object({
      id: z.number(),
      file_name: z.string(),
      width: z.number(),
      height: z.number(),
      item: z.string(),
      license: z.number().optional(),
    }),
  ),
  annotations: z.array(
    z.object({
      id: z.number(),
      image_id: z.number(),
      category_id: z.number(),
      segmentation: z.object({ size: z.tuple([z.number(), z.number()]), counts: z.array(z.number().min(0)) }),
      area: z.number(),
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      iscrowd: z.union([z.literal(0), z.literal(1)]),
      origin: z.string(),
      score: z.number().optional(),
    }),
  ),
  categories: z.array(z.object({ id: z.number(), name: z.string() })),
});
type Segmentation = z.infer<typeof cocoSchema>['annotations'][number]['segmentation'];

/** The other way round than the encoder: spreads the runs over a flat column-major array, then turns it. */
function decodeRunLength({ size: [height, width], counts }: Segmentation): Uint8Array {
  const columns = counts.flatMap((run, i) => Array.from({ length: run }, () => i % 2));
  expect(columns.length).toBe(height * width);
  return Uint8Array.from({ length: height * width }, (_, i) => columns[(i % width) * height + Math.floor(i / width)]!);
}

describe.each(['component', 'class'] as const)('exportVersion() as COCO, one annotation a %s', (instances) => {
  it('holds masks that are equal to the stored ones, and ignored pixels as crowd of every class', async () => {
    const version = await publishedVersion(store);
    const licence = { name: 'CC0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' };
    expect(await exportVersion({ store, version, format: 'coco', out, instances, licence })).toEqual({
      itemCount: 3,
      labelCount: 3,
    });
    const coco = cocoSchema.parse(JSON.parse(await readFile(join(out, 'annotations.json'), 'utf8')));
    expect(coco.images.map((image) => image.item)).toEqual(['A/x', 'a_x', 'd']); // an item without label would pass for empty
    expect(coco.categories).toEqual([
      { id: 1, name: 'cavity' },
      { id: 2, name: 'wall, outer' },
    ]);
    expect(coco.annotations.map(({ id }) => id)).toEqual(coco.annotations.map((_, i) => i + 1));
    for (const image of coco.images) {
      const source = version.items.find(({ id }) => id === image.item)!;
      expect(new Uint8Array(await readFile(join(out, 'images', image.file_name)))).toEqual(
        await store.get(source.image),
      );
      const label = source.label as Extract<Label, { kind: 'mask' }>;
      const { data: mask } = await decodeMask(await store.get(label.mask), { name: image.item });
      const ignore =
        label.ignore === undefined
          ? new Uint8Array(mask.length)
          : (await decodeMask(await store.get(label.ignore), { name: image.item })).data;
      const own = coco.annotations.filter(({ image_id }) => image_id === image.id);
      const drawn = new Uint8Array(mask.length);
      const crowds = [new Uint8Array(mask.length), new Uint8Array(mask.length)];
      for (const { segmentation, category_id: category, iscrowd, area, bbox, origin, score } of own) {
        const inside = decodeRunLength(segmentation);
        expect(inside.reduce((sum, value) => sum + value, 0)).toBe(area);
        const places = [...inside.keys()].filter((i) => inside[i] === 1);
        const [xs, ys] = [places.map((i) => i % image.width), places.map((i) => Math.floor(i / image.width))];
        expect(bbox).toEqual([
          Math.min(...xs),
          Math.min(...ys),
          Math.max(...xs) - Math.min(...xs) + 1,
          Math.max(...ys) - Math.min(...ys) + 1,
        ]);
        expect([origin, score]).toEqual([label.origin, label.confidence]);
        for (const i of places) {
          if (iscrowd === 1) crowds[category - 1]![i] = 255;
          else {
            expect(drawn[i]).toBe(0); // no pixel belongs to two objects
            drawn[i] = category;
          }
        }
      }
      expect(drawn).toEqual(Uint8Array.from(mask, (value, i) => (ignore[i] === 0 ? value : 0)));
      for (const crowd of crowds) expect(crowd).toEqual(Uint8Array.from(ignore));
    }
  });
});
