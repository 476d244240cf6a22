import { describe, expect, it } from 'vitest';
import { requireSpec } from '../schemas/fill-spec.js';
import type { DatasetVersion } from '../schemas/dataset-version.js';
import { divideDataset } from './divide-dataset.js';

const image = { key: 'image', sha256: 'a', bytes: 1, width: 8, height: 8 };
const mask = { key: 'mask', sha256: 'b', bytes: 1 };

/** Ten groups of two items, all labelled; the second item of a group shows nothing. */
const dataset = {
  schemaVersion: 1,
  name: 'lv',
  task: 'segmentation',
  classes: ['background', 'lesion'],
  items: Array.from({ length: 20 }, (_, i) => ({
    id: `item-${i}`,
    group: `group-${Math.floor(i / 2)}`,
    image,
    label: { kind: 'mask', mask, classes: i % 2 === 0 ? [0, 1] : [0], origin: 'human' },
  })),
} as unknown as DatasetVersion;

const specOf = (changes: object = {}) =>
  requireSpec({
    name: 'lv',
    dataset: 'lv',
    split: { labelled: 6, test: 2 },
    ensemble: { folds: 3 },
    selection: { thresholds: { kind: 'error', errorMax: 0.2 } },
    ...changes,
  });

describe('divideDataset()', () => {
  it('gives every group to the labelled part, the test set or the pool, and the labelled ones to folds', () => {
    const { split, folds } = divideDataset(specOf(), dataset);
    const groupsOf = (ids: readonly string[]) =>
      new Set(dataset.items.filter(({ id }) => ids.includes(id)).map(({ group }) => group));
    const [labelled, test, pool] = [split.labelled, split.test, split.pool].map(groupsOf);
    expect([labelled!.size, test!.size, pool!.size]).toEqual([6, 2, 2]);
    expect(new Set([...labelled!, ...test!, ...pool!]).size).toBe(10);
    expect(Object.keys(folds.byGroup)).toEqual([...labelled!].toSorted());
    expect(folds.remarks).toEqual([]);
  });

  it.each([
    {
      what: 'labels for another task',
      changes: { task: 'classification', model: { kind: 'classifier' } },
      code: 'SPEC_INVALID',
      says: 'labels are for segmentation',
    },
    {
      what: 'a list of centres of another length',
      changes: { ensemble: { folds: 3, centre: [0, 1] } },
      code: 'SPEC_INVALID',
      says: 'ensemble.centre lists 2',
    },
    {
      what: 'fewer groups than folds',
      changes: { split: { labelled: 2, test: 2 } },
      code: 'SPLIT_IMPOSSIBLE',
      says: 'folds',
    },
    {
      what: 'an error that so few groups cannot promise',
      changes: { selection: { thresholds: { kind: 'error', errorMax: 0.1 } } },
      code: 'PROMISE_IMPOSSIBLE',
      says: '6 labelled groups',
    },
  ])('refuses $what', ({ changes, code, says }) => {
    const refusal = expect.objectContaining({ code, message: expect.stringContaining(says) as string }) as Error;
    expect(() => divideDataset(specOf(changes), dataset)).toThrowError(refusal);
  });
});
