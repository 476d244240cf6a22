import type { SelectionSpec } from '@probity/core/schemas/campaign-spec';
import type { DatasetItem, DatasetVersion } from '@probity/core/schemas/dataset-version';
import { describe, expect, it } from 'vitest';
import { ledgerRows } from './ledger-rows.js';
import { readLedger } from './read-ledger.js';
import { writeLedger } from './write-ledger.js';

const sha256 = (digit: string) => digit.repeat(64);
const image = { key: 'blobs/i', sha256: sha256('1'), bytes: 9, width: 4, height: 4, channels: 1, bitDepth: 8 } as const;
const mask = { key: 'blobs/m', sha256: sha256('2'), bytes: 9 };
const ignore = { key: 'blobs/g', sha256: sha256('3'), bytes: 9 };
const item = (id: string, rest: Partial<DatasetItem>): DatasetItem => ({
  id,
  group: `group of ${id}`,
  image,
  attributes: {},
  ...rest,
});

const version: DatasetVersion = {
  schemaVersion: 1,
  name: 'lv',
  version: 'round-1',
  campaignId: 'sunny',
  task: 'segmentation',
  classes: ['background', 'cavity, left', "bishop's wall"],
  items: [
    item('a', { role: 'labelled', label: { kind: 'mask', mask, classes: [0, 1], origin: 'human' } }),
    item('b', {
      role: 'pool',
      label: {
        kind: 'mask',
        mask,
        ignore,
        classes: [0, 2],
        origin: 'machine',
        round: 1,
        confidence: 0.91,
        decided: 0.7,
      },
    }),
    item('c', {
      role: 'pool',
      label: {
        kind: 'mask',
        mask,
        ignore,
        classes: [0, 1, 2],
        origin: 'machine',
        round: 1,
        confidence: 0.8,
        decided: 1,
      },
    }),
    item('ö "quoted"', { role: 'test', label: { kind: 'class', classIndex: 1, origin: 'human' } }),
    item('bare', { role: 'pool' }),
  ],
  setAside: [],
};
const selection: SelectionSpec = {
  thresholds: { kind: 'error', errorMax: 0.05 },
  decidedMin: 0.6,
  emptyItems: 'ignore',
};
const thresholds = [1, 2].map((classIndex) => ({
  classIndex,
  foregroundMin: 0.6 + classIndex / 10,
  backgroundMax: 0.1,
  basis: { kind: 'fixed' as const },
}));
const rows = ledgerRows(version, { campaignId: 'sunny', modelHash: 'feed', thresholds, selection });

describe('ledgerRows()', () => {
  it('has one row a label', () => {
    expect(rows.map(({ item: id }) => id)).toEqual(['a', 'b', 'c', 'ö "quoted"']);
    expect(rows[0]).toMatchObject({
      origin: 'human',
      rule: 'human label',
      modelHash: undefined,
      foregroundMin: undefined,
    });
    expect(rows[1]).toEqual({
      item: 'b',
      group: 'group of b',
      role: 'pool',
      origin: 'machine',
      round: 1,
      campaign: 'sunny',
      classes: ['background', "bishop's wall"],
      modelHash: 'feed',
      confidence: 0.91,
      decided: 0.7,
      foregroundMin: [0.7, 0.8],
      backgroundMax: [0.1, 0.1],
      rule: 'expected error at most 0.05; at least 0.6 decided',
      imageSha256: image.sha256,
      maskSha256: mask.sha256,
      ignoreSha256: ignore.sha256,
    });
  });

  it('says of an import only what it knows', () => {
    expect(ledgerRows(version)[1]).toMatchObject({
      rule: 'imported machine label',
      modelHash: undefined,
      campaign: 'sunny',
    });
  });
});

describe('writeLedger() and readLedger()', () => {
  it('give back every row', async () => {
    expect(await readLedger(await writeLedger(rows))).toEqual(rows);
    expect(await readLedger(await writeLedger([]))).toEqual([]);
  });

  it('give equal bytes for equal rows, as Parquet', async () => {
    const bytes = await writeLedger(rows);
    expect(await writeLedger(structuredClone(rows))).toEqual(bytes);
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('PAR1');
  });

  it.each([
    [{ origin: 'machine' }, ['b', 'c']],
    [{ round: 1, confidenceMin: 0.9 }, ['b']],
    [{ confidenceMin: 0.9 }, ['a', 'b', 'ö "quoted"']],
    [{ className: 'cavity, left' }, ['a', 'c', 'ö "quoted"']],
    [{ className: "bishop's wall" }, ['b', 'c']],
    [{ role: 'test' }, ['ö "quoted"']],
    [{ round: 7 }, []],
  ] as const)('filter by %o', async (filter, expected) => {
    expect((await readLedger(await writeLedger(rows), filter)).map(({ item: id }) => id)).toEqual(expected);
  });

  it('keep the order of more rows than fit one vector', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ ...rows[i % 3]!, item: `item-${(i * 7919) % 5000}` }));
    expect((await readLedger(await writeLedger(many))).map(({ item: id }) => id)).toEqual(
      many.map(({ item: id }) => id),
    );
  });

  it('refuse what is no ledger', async () => {
    await expect(readLedger(new TextEncoder().encode('text'))).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
  });
});
