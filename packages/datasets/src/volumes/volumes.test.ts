import { gzipSync } from 'node:zlib';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../images/decode-image.js';
import { decodeMask } from '../images/decode-mask.js';
import { importDataset } from '../import/import-dataset.js';
import { createTestFolder } from '../testing/image-folder.js';
import { readVolume } from './read-volume.js';
import { scaleVolume, volumeClasses } from './volume-pixels.js';

interface NiftiOptions {
  readonly dims: readonly number[];
  readonly type: keyof typeof WRITERS;
  readonly values: readonly number[];
  readonly littleEndian?: boolean;
  readonly slope?: number;
  readonly intercept?: number;
}

/** NIfTI's datatype code: bytes a voxel, and how one is written. */
const WRITERS = {
  2: [1, 'setUint8'],
  4: [2, 'setInt16'],
  8: [4, 'setInt32'],
  16: [4, 'setFloat32'],
  64: [8, 'setFloat64'],
  128: [3, 'setUint8'],
  256: [1, 'setInt8'],
  512: [2, 'setUint16'],
  768: [4, 'setUint32'],
  1024: [8, 'setBigInt64'],
} as const;

/** NIfTI-1 in one piece, byte by byte as nifti1.h lays it out: a writer of its own, so that the reader is checked against the format. */
function niftiFile({ dims, type, values, littleEndian = true, slope = 0, intercept = 0 }: NiftiOptions): Uint8Array {
  const [bytes, method] = WRITERS[type];
  const file = new Uint8Array(352 + values.length * bytes);
  const view = new DataView(file.buffer);
  view.setInt32(0, 348, littleEndian);
  [dims.length, ...dims].forEach((length, i) => view.setInt16(40 + 2 * i, length, littleEndian));
  view.setInt16(70, type, littleEndian);
  view.setInt16(72, 8 * bytes, littleEndian);
  [1, 0.5, 0.75, 2].forEach((length, i) => view.setFloat32(76 + 4 * i, length, littleEndian));
  view.setFloat32(108, 352, littleEndian);
  view.setFloat32(112, slope, littleEndian);
  view.setFloat32(116, intercept, littleEndian);
  file.set(new TextEncoder().encode('n+1'), 344);
  values.forEach((value, i) => {
    if (method === 'setBigInt64') view.setBigInt64(352 + i * bytes, BigInt(value), littleEndian);
    else view[method](352 + i * bytes, value, littleEndian);
  });
  return file;
}

const name = 'images/v.nii.gz';
const dims = [3, 2, 4];
const values = Array.from({ length: 24 }, (_, i) => (i * 7) % 100);

describe('readVolume()', () => {
  const types = [2, 4, 8, 16, 64, 256, 512, 768, 1024] as const;
  it.each(types.flatMap((type) => [true, false].map((littleEndian) => ({ type, littleEndian }))))(
    'reads data type $type, little-endian $littleEndian, plain and gzipped',
    async ({ type, littleEndian }) => {
      const file = niftiFile({ dims, type, values, littleEndian });
      for (const bytes of [file, new Uint8Array(gzipSync(file))]) {
        const volume = await readVolume(bytes, { name });
        expect(volume).toMatchObject({
          width: 3,
          height: 2,
          sliceCount: 4,
          slope: 1,
          intercept: 0,
          spacing: [0.5, 0.75, 2],
        });
        expect(Array.from(volume.voxels, Number)).toEqual(values);
      }
    },
  );

  it('applies slope and intercept, and takes a slope of 0 for none', async () => {
    const volume = await readVolume(niftiFile({ dims, type: 4, values, slope: 0.5, intercept: -3 }), { name });
    expect(volume).toMatchObject({ slope: 0.5, intercept: -3 });
    expect(await readVolume(niftiFile({ dims, type: 4, values, slope: 0, intercept: 9 }), { name })).toMatchObject({
      slope: 1,
      intercept: 0,
    });
  });

  it.each([
    [
      'a truncated file',
      niftiFile({ dims, type: 16, values }).subarray(0, 400),
      'it ends early: 48 of 96 bytes of voxels',
    ],
    [
      'a truncated gzip file',
      new Uint8Array(gzipSync(niftiFile({ dims, type: 16, values }))).subarray(0, 80),
      'not a whole gzip file',
    ],
    ['text', new TextEncoder().encode('no volume'), 'not a NIfTI file'],
    ['colours', niftiFile({ dims, type: 128, values }), 'its data type (code 128)'],
    ['four axes', niftiFile({ dims: [3, 2, 2, 2], type: 2, values }), 'its axes are 3 × 2 × 2 × 2'],
  ])('refuses %s', async (_, bytes, state) => {
    await expect(readVolume(bytes, { name })).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringContaining(state),
    });
  });

  it('refuses bombs: a header that promises too much, and gzip that unpacks to too much', async () => {
    const promises = niftiFile({ dims: [30_000, 30_000, 3], type: 2, values: [0] });
    await expect(readVolume(promises, { name })).rejects.toMatchObject({ details: { reason: 'pixel-limit' } });
    const bomb = new Uint8Array(gzipSync(new Uint8Array(40_000_000)));
    await expect(readVolume(bomb, { name, pixelsMax: 1000 })).rejects.toMatchObject({
      details: { reason: 'pixel-limit' },
    });
  });
});

describe('scaleVolume()', () => {
  const volumeOf = (voxels: Float64Array<ArrayBuffer>, slope = 1, intercept = 0) =>
    ({ width: voxels.length, height: 1, sliceCount: 1, voxels, slope, intercept, spacing: [1, 1, 1] }) as const;
  const restored = ({ stored, slope, intercept }: ReturnType<typeof scaleVolume>) =>
    Array.from(stored, (value) => intercept + slope * value);

  it('keeps whole numbers exactly and spreads them', () => {
    const scaled = scaleVolume(volumeOf(Float64Array.of(-1024, 0, 3071)), name);
    expect(restored(scaled)).toEqual([-1024, 0, 3071]);
    expect([...scaled.stored]).toEqual([0, 1024 * 16, 4095 * 16]);
  });

  it('keeps fractions and wide ranges within half a step of 65,535', () => {
    const voxels = Float64Array.of(0.25, 1_700_000.5, 17.125, 800_000);
    const scaled = scaleVolume(volumeOf(voxels), name);
    restored(scaled).forEach((value, i) =>
      expect(Math.abs(value - voxels[i]!)).toBeLessThanOrEqual(scaled.slope / 2 + 1e-9),
    );
  });

  it.each([Number.NaN, Infinity, -Infinity])('refuses %d, which no pixel can hold', (value) => {
    expect(() => scaleVolume(volumeOf(Float64Array.of(value, 5, value, 9)), name)).toThrow(
      `Cannot read image "${name}": 2 of its 4 voxels are NaN or infinite`,
    );
  });

  it('keeps a volume of one value', () => {
    expect(restored(scaleVolume(volumeOf(Float64Array.of(4, 4)), name))).toEqual([4, 4]);
  });

  it('refuses mask values that are no class numbers', () => {
    expect([...volumeClasses(volumeOf(Float64Array.of(0, 2)), name)]).toEqual([0, 2]);
    expect(() => volumeClasses(volumeOf(Float64Array.of(0.5)), name)).toThrow('a voxel of the mask is 0.5');
    expect(() => volumeClasses(volumeOf(Float64Array.of(-1)), name)).toThrow('must be a class number');
  });
});

describe('importDataset() of volumes', () => {
  it('makes an item a slice: its volume is its group, its mask has its geometry, its values can be had back', async () => {
    const folder = await createTestFolder();
    const store = new MemoryArtifactStore();
    const labels = values.map((_, i) => (i === 13 ? 2 : i % 6 === 4 ? 1 : 0));
    await folder.put(
      'images/v.nii.gz',
      new Uint8Array(
        gzipSync(niftiFile({ dims, type: 16, values: values.map((value) => value / 8), slope: 2, intercept: 1 })),
      ),
    );
    await folder.put('masks/v.nii', niftiFile({ dims, type: 2, values: labels, littleEndian: false }));
    await folder.put('images/bare.nii', niftiFile({ dims: [3, 2], type: 4, values: values.slice(0, 6) }));
    const { dataset, summary } = await importDataset({
      store,
      folder: folder.path,
      name: 'brain',
      classes: ['none', 'front', 'back'],
    });
    expect(
      dataset.items.map(({ id, group, volume, label }) => [
        id,
        group,
        volume?.slice,
        label?.kind === 'mask' ? label.classes : undefined,
      ]),
    ).toEqual([
      ['bare-z0', 'bare', 0, undefined],
      ['v-z0', 'v', 0, [0, 1]],
      ['v-z1', 'v', 1, [0, 1]],
      ['v-z2', 'v', 2, [0, 1, 2]],
      ['v-z3', 'v', 3, [0, 1]],
    ]);
    expect(summary).toMatchObject({ layout: 'folders', groupCount: 2 });
    for (const { id, image, volume, label, attributes } of dataset.items.slice(1)) {
      const { data, bitDepth } = await decodeImage(await store.get(image), { name: id });
      expect(bitDepth).toBe(16);
      const [slope, intercept] = [Number(attributes['intensitySlope']), Number(attributes['intensityIntercept'])];
      const from = 6 * volume!.slice;
      Array.from(data, (stored) => intercept + slope * stored).forEach((value, i) => {
        expect(Math.abs(value - (1 + (2 * values[from + i]!) / 8))).toBeLessThan(slope);
      });
      if (label?.kind !== 'mask') throw new Error('no mask');
      const mask = await decodeMask(await store.get(label.mask), { name: id });
      expect([...mask.data]).toEqual(labels.slice(from, from + 6));
    }
    await folder.remove();
  });

  it('lists volumes with NaN or infinity by their names and stores nothing, or sets them aside where they have no label', async () => {
    const folder = await createTestFolder();
    const store = new MemoryArtifactStore();
    const broken = (value: number) =>
      niftiFile({ dims, type: 16, values: values.map((v, i) => (i === 5 ? value : v)) });
    await folder.put('images/holes.nii', broken(Number.NaN));
    await folder.put('images/sound.nii', niftiFile({ dims, type: 16, values }));
    await folder.put('images/bright.nii', broken(Infinity));
    const request = { store, folder: folder.path, name: 'brain' };
    const state = "1 of its 24 voxels are NaN or infinite; write a number there, such as the background's";
    await expect(importDataset(request)).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      details: { faults: [`images/bright.nii: not-finite: ${state}`, `images/holes.nii: not-finite: ${state}`] },
    });
    const { dataset } = await importDataset({ ...request, setAsideBroken: true });
    expect(new Set(dataset.items.map(({ group }) => group))).toEqual(new Set(['sound']));
    expect(dataset.setAside.map(({ id }) => id)).toEqual(['bright', 'holes']);
    await folder.remove();
  });

  it('lists a mask of another size and a truncated volume once each', async () => {
    const folder = await createTestFolder();
    const store = new MemoryArtifactStore();
    for (const id of ['a', 'b', 'c'])
      await folder.put(
        `images/${id}.nii`,
        niftiFile({ dims, type: 2, values: values.map((value) => value + id.charCodeAt(0)) }),
      );
    await folder.put('masks/a.nii', niftiFile({ dims: [2, 3, 4], type: 2, values: values.map(() => 0) }));
    await folder.put('masks/b.nii', niftiFile({ dims: [3, 2, 3], type: 2, values: values.slice(6).map(() => 0) }));
    await folder.put('masks/c.nii', niftiFile({ dims, type: 2, values: values.map(() => 0) }).subarray(0, 360));
    await expect(importDataset({ store, folder: folder.path, name: 'brain' })).rejects.toMatchObject({
      details: {
        faults: [
          'masks/a.nii: mask-size: it has 2 × 3 pixels, images/a.nii has 3 × 2',
          "masks/b.nii: mask-size: its 3 slices do not fit the image's 4",
          'masks/c.nii: unreadable: it ends early: 8 of 24 bytes of voxels',
        ],
      },
    });
    await folder.remove();
  });
});
