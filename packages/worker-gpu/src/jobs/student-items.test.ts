import type { DatasetItem, Label } from '@probity/core/schemas/dataset-version';
import type { CampaignPlan } from '@probity/core/schemas/round-artifacts';
import { describe, expect, it } from 'vitest';
import { mostFrequentSize } from './most-frequent-size.js';
import { chooseTeaching } from './student-items.js';

const ref = { key: 'k', sha256: '0'.repeat(64), bytes: 1 };
const item = (id: string, changes: Partial<DatasetItem> = {}): DatasetItem => ({
  id,
  group: id,
  image: { ...ref, width: 8, height: 8, channels: 1, bitDepth: 8 },
  attributes: {},
  ...changes,
});
const label = (origin: Label['origin']): Label => ({ kind: 'class', classIndex: 1, origin });

const plan: CampaignPlan = {
  schemaVersion: 1,
  dataset: ref,
  labelled: ['l2', 'l1'],
  test: ['t1'],
  shards: [
    ['p4', 'p1'],
    ['p3', 'p2'],
  ],
  folds: { count: 2, byGroup: {}, sha256: '', remarks: [] },
};
const version = {
  items: [
    item('t1', { role: 'test', label: label('human') }),
    item('l2', { role: 'labelled', label: label('human') }),
    item('l1', { role: 'labelled', label: label('human') }),
    item('p1', { role: 'pool', label: label('machine') }),
    item('p2', { role: 'pool', label: label('human') }),
  ],
};
const choose = (showings = 100, seed = 1) => chooseTeaching({ plan, item }, { version, seed, showings });
const idsOf = (items: readonly DatasetItem[]) => items.map(({ id }) => id);

describe('chooseTeaching()', () => {
  it('lets what a person said win over the ensemble, and leaves the test set out', () => {
    const { labelled, pool } = choose();
    expect(idsOf(labelled)).toEqual(['l1', 'l2', 'p2']);
    expect(idsOf(pool)).toEqual(['p4', 'p1', 'p3']);
  });

  it('takes of a larger pool no more than the training can show, chosen by the seed', () => {
    const chosen = Array.from({ length: 20 }, (_, seed) => idsOf(choose(2, seed).pool).join());
    for (const ids of chosen) expect(new Set(ids.split(',')).size).toBe(2);
    expect(new Set(chosen)).toEqual(new Set(['p1,p4', 'p3,p4', 'p1,p3']));
    expect(idsOf(choose(2, 5).pool)).toEqual(idsOf(choose(2, 5).pool));
  });
});

describe('mostFrequentSize()', () => {
  const sized = (height: number, width: number, bitDepth: 8 | 16 = 8) => ({ image: { height, width, bitDepth } });

  it('is the size that most images have', () => {
    expect(mostFrequentSize([sized(9, 9), sized(4, 6), sized(4, 6)])).toEqual({ height: 4, width: 6, dtype: 'uint8' });
  });

  it('is the larger of two that are as frequent, whatever their order, and the upright of equal areas', () => {
    for (const items of [
      [sized(4, 6), sized(5, 5), sized(6, 4)],
      [sized(6, 4), sized(5, 5), sized(4, 6)],
    ]) {
      expect(mostFrequentSize(items)).toMatchObject({ height: 5, width: 5 });
      expect(mostFrequentSize(items.toSpliced(1, 1))).toMatchObject({ height: 6, width: 4 });
    }
  });

  it('takes numbers that hold every image', () => {
    expect(mostFrequentSize([sized(4, 4), sized(4, 4), sized(4, 4, 16)]).dtype).toBe('float32');
  });
});
