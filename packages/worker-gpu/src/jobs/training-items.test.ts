import type { CampaignPlan, PreparedPack } from '@probity/core/schemas/round-artifacts';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { describe, expect, it } from 'vitest';
import { heldOutOf, readItems, trainsFold } from './training-items.js';

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
type Item = PreparedPack['items'][number];

const plan = { folds: { count: 2, byGroup: { a: 0, b: 1 }, sha256: '', remarks: [] } } as unknown as CampaignPlan; // only its folds are read
const human = (id: string, group: string): Item => ({ id, group, origin: 'human' });
const machine = (id: string, group: string): Item => ({ id, group, origin: 'machine' });

/** Packs of 1 × 2 images whose pixels and labels are the item's number. */
async function storePacks(store: MemoryArtifactStore, packs: readonly (readonly Item[])[]) {
  const refs = [];
  let number = 0;
  for (const items of packs) {
    const values = items.map(() => ++number);
    const images = Float32Array.from(values.flatMap((value) => [value, value]));
    const pack: PreparedPack = {
      schemaVersion: 1,
      height: 1,
      width: 2,
      channels: 1,
      items: [...items],
      images: await store.put(`images-${number}`, new Uint8Array(images.buffer)),
      labels: await store.put(`labels-${number}`, Uint8Array.from(values.flatMap((value) => [value, value]))),
    };
    refs.push(await store.put(`pack-${number}`, json(pack)));
  }
  return store.put('packs', json({ schemaVersion: 1, refs }));
}

describe('readItems()', () => {
  const packs = [
    [human('a1', 'a'), human('b1', 'b')],
    [machine('a2', 'a'), machine('p1', 'pool')],
  ];

  it('teaches a fold nothing of the groups that it holds out, machine labels included', async () => {
    const store = new MemoryArtifactStore();
    const { ids, images, labels } = await readItems(store, await storePacks(store, packs), trainsFold(plan, 0));
    expect(ids).toEqual(['b1', 'p1']);
    expect([...images]).toEqual([2, 2, 4, 4]);
    expect([...labels]).toEqual([2, 2, 4, 4]);
  });

  it('holds out what people labelled, and never a pseudo-label', async () => {
    const store = new MemoryArtifactStore();
    const held = await readItems(store, await storePacks(store, packs), heldOutOf(plan, 0));
    expect(held).toMatchObject({
      ids: ['a1'],
      groups: ['a'],
      height: 1,
      width: 2,
      channels: 1,
      labelHeight: 1,
      labelWidth: 2,
    });
  });
});
