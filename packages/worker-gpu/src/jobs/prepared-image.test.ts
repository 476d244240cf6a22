import { encodeGreyPng } from '@probity/datasets/images/encode-png';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import type { DatasetItem, Label } from '@probity/core/schemas/dataset-version';
import { describe, expect, it } from 'vitest';
import { readLabel, resizeLabel } from './prepared-image.js';

const image = { key: 'i', sha256: '0'.repeat(64), bytes: 1, width: 3, height: 2, channels: 1, bitDepth: 8 } as const;
const itemWith = (label: Label): DatasetItem => ({ id: 'a', group: 'g', image, label, attributes: {} });

describe('readLabel()', () => {
  it('teaches nothing where the ignore mask says so', async () => {
    const store = new MemoryArtifactStore();
    const size = { width: 3, height: 2 };
    const mask = await store.put('m', await encodeGreyPng(Uint8Array.of(0, 1, 2, 0, 1, 2), size));
    const ignore = await store.put('n', await encodeGreyPng(Uint8Array.of(0, 255, 0, 0, 0, 255), size));
    const label = { kind: 'mask', origin: 'machine', classes: [0, 1, 2], mask, ignore } as const;
    expect(await readLabel(itemWith({ ...label, classes: [0, 1, 2] }), store)).toEqual({
      data: Uint8Array.of(0, 255, 2, 0, 1, 255),
      ...size,
    });
  });

  it('is one pixel for a class', async () => {
    const item = itemWith({ kind: 'class', classIndex: 4, origin: 'human' });
    expect(await readLabel(item, new MemoryArtifactStore())).toEqual({ data: Uint8Array.of(4), height: 1, width: 1 });
  });
});

describe('resizeLabel()', () => {
  it('takes the nearest pixel and invents no class', () => {
    const label = { data: Uint8Array.of(1, 2, 3, 4), height: 2, width: 2 };
    expect([...resizeLabel(label, { height: 4, width: 4 })]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
    expect([...resizeLabel(label, { height: 1, width: 2 })]).toEqual([3, 4]);
    expect([...resizeLabel(label, { height: 2, width: 2 })]).toEqual([1, 2, 3, 4]);
  });
});
