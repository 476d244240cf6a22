import { campaignVersionKey, importedVersionKey } from '@probity/core/artifacts/keys';
import type { DatasetItem, DatasetVersion, Label } from '@probity/core/schemas/dataset-version';
import type { CampaignPlan, SelectedShard } from '@probity/core/schemas/round-artifacts';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../digest.js';
import { composeVersion } from './compose-version.js';
import { filterVersion } from './filter-version.js';
import { listVersions } from './list-datasets.js';
import { readVersion } from './read-version.js';
import { nameOf, resolveVersion } from './resolve-version.js';

const ref = (key: string) => ({ key, sha256: 'a'.repeat(64), bytes: 3 });
const human: Label = { kind: 'mask', mask: ref('human'), classes: [0, 1], origin: 'human' };
const machine = (confidence: number): Label => {
  return {
    kind: 'mask',
    mask: ref('machine'),
    ignore: ref('ignore'),
    classes: [0, 1],
    origin: 'machine',
    round: 2,
    confidence,
    decided: 0.9,
  };
};
const item = (id: string, label?: Label): DatasetItem => {
  const image = { ...ref(`image-${id}`), width: 4, height: 4, channels: 1, bitDepth: 8 } as const;
  return { id, group: id, image, attributes: {}, ...(label !== undefined && { label }) };
};
const dataset: DatasetVersion = {
  schemaVersion: 1,
  name: 'lv',
  version: 'import',
  task: 'segmentation',
  classes: ['background', 'cavity'],
  items: [item('d', human), item('a', human), item('b', human), item('c'), item('e', human), item('f')],
  setAside: [{ id: 'torn', reason: 'unreadable' }],
};
const plan: CampaignPlan = {
  schemaVersion: 1,
  dataset: ref('import'),
  labelled: ['a'],
  test: ['d'],
  shards: [['b', 'c'], ['f']],
  folds: { count: 2, byGroup: {}, sha256: '', remarks: [] },
};
const shard = (index: number, rest: Partial<SelectedShard>): SelectedShard => ({
  schemaVersion: 1,
  shard: index,
  decisions: [],
  setAside: [],
  ...rest,
});
const shards = [
  shard(0, {
    decisions: [
      { id: 'b', state: 'accepted', label: machine(0.9), probabilities: [] },
      { id: 'c', state: 'ignored', reason: 'undecided', label: machine(0.5), probabilities: [] },
    ],
  }),
  shard(1, { setAside: [{ id: 'f', reason: 'truncated' }] }),
];
const parts = { dataset, plan, shards, campaignId: 'sunny', round: 2 };

describe('composeVersion()', () => {
  const version = composeVersion(parts);

  it('holds labelled and test items with human labels, and accepted pool items with machine labels', () => {
    expect(version.items.map(({ id, role, label }) => [id, role, label?.origin])).toEqual([
      ['a', 'labelled', 'human'],
      ['b', 'pool', 'machine'],
      ['d', 'test', 'human'],
    ]);
    expect(version).toMatchObject({ name: 'lv', version: 'round-2', campaignId: 'sunny' });
  });

  it('never shows a label that was hidden', () => {
    expect(version.items.find(({ id }) => id === 'b')!.label).toEqual(machine(0.9));
    const none = composeVersion({ ...parts, shards: [] });
    expect(none.items.map(({ id }) => id)).toEqual(['a', 'd']);
  });

  it('lets the human label win where a decision names a labelled or test item, or one outside the plan', () => {
    const decisions = ['a', 'd', 'e'].map((id) => ({
      id,
      state: 'accepted' as const,
      label: machine(1),
      probabilities: [],
    }));
    const items = composeVersion({ ...parts, shards: [shard(0, { decisions })] }).items;
    expect(items.map(({ id, label }) => [id, label!.origin])).toEqual([
      ['a', 'human'],
      ['d', 'human'],
    ]);
  });

  it('lists what was set aside, by the import and by the sweep', () => {
    expect(version.setAside).toEqual([
      { id: 'f', reason: 'truncated' },
      { id: 'torn', reason: 'unreadable' },
    ]);
  });

  it('gives equal bytes whatever the order of shards and items', () => {
    const turned = {
      ...parts,
      shards: shards.toReversed(),
      dataset: { ...dataset, items: dataset.items.toReversed() },
    };
    expect(canonicalBytes(composeVersion(turned))).toEqual(canonicalBytes(version));
  });
});

describe('filterVersion()', () => {
  const version = { ...composeVersion(parts), items: [...composeVersion(parts).items, item('x')] };
  it.each([
    [{}, ['a', 'b', 'd', 'x']],
    [{ origin: 'human' }, ['a', 'd']],
    [{ round: 2 }, ['b']],
    [{ confidenceMin: 0.95 }, ['a', 'd']],
    [{ confidenceMin: 0.9 }, ['a', 'b', 'd']],
    [{ className: 'cavity', role: 'test' }, ['d']],
  ] as const)('%o', (filter, expected) => {
    expect(filterVersion(version, filter).items.map(({ id }) => id)).toEqual(expected);
  });

  it('refuses a class that is not there', () => {
    expect(() => filterVersion(version, { className: 'cyst' })).toThrow('classes are background, cavity');
    expect(() => filterVersion(version, { confidenceMin: 90 })).toThrow('must be 0 to 1');
  });
});

describe('resolveVersion()', () => {
  const filled = async () => {
    const store = new MemoryArtifactStore();
    await store.put(importedVersionKey('lv'), canonicalBytes(dataset));
    for (const [campaignId, round] of [
      ['sunny', 1],
      ['sunny', 2],
      ['sunny', 10],
      ['rainy', 1],
    ] as const) {
      const version = composeVersion({ ...parts, campaignId, round });
      await store.put(campaignVersionKey({ datasetName: 'lv', campaignId, round }), canonicalBytes(version));
    }
    return store;
  };

  it.each([
    ['lv', 'import', undefined],
    ['lv@import', 'import', undefined],
    ['lv@round-2', 'round-2', 'sunny'],
    ['lv@rainy/round-1', 'round-1', 'rainy'],
  ])('finds %s', async (name, version, campaignId) => {
    const store = await filled();
    const found = await readVersion(store, await resolveVersion(store, name));
    expect([found.version, found.campaignId]).toEqual([version, campaignId]);
  });

  it('names the choices where several campaigns published a round', async () => {
    await expect(resolveVersion(await filled(), 'lv@round-1')).rejects.toMatchObject({
      code: 'DATASET_AMBIGUOUS',
      message:
        'Cannot tell which "lv@round-1" is meant: 2 campaigns published it; use lv@rainy/round-1 or lv@sunny/round-1',
    });
  });

  it.each(['lv@round-7', 'lv@cloudy/round-1', 'lv@a/b/round-1', 'lungs', ''])(
    'lists what exists for "%s"',
    async (name) => {
      await expect(resolveVersion(await filled(), name)).rejects.toMatchObject({
        code: 'DATASET_MISSING',
        message: expect.stringContaining(
          'there are lv, lv@rainy/round-1, lv@sunny/round-1, lv@sunny/round-2, lv@sunny/round-10',
        ),
      });
    },
  );

  it('says so where the store is empty', async () => {
    await expect(resolveVersion(new MemoryArtifactStore(), 'lv')).rejects.toThrow('the store has none');
  });

  it('lists rounds in their order', async () => {
    expect((await listVersions(await filled())).map(nameOf)).toEqual([
      'lv',
      'lv@rainy/round-1',
      'lv@sunny/round-1',
      'lv@sunny/round-2',
      'lv@sunny/round-10',
    ]);
  });
});

describe('readVersion()', () => {
  it('refuses bytes that are no version', async () => {
    const store = new MemoryArtifactStore();
    const odd = await store.put('datasets/lv/import.json', new TextEncoder().encode('{"schemaVersion":2}'));
    await expect(readVersion(store, odd)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
  });
});
