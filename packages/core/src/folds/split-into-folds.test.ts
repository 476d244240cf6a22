import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIntoFolds, type FoldItem } from './split-into-folds.js';

const lesion = { index: 1, name: 'lesion' };
const cyst = { index: 2, name: 'cyst' };
const item = (group: string, ...classes: number[]): FoldItem => ({ group, classes });
const anyItems = fc.array(fc.record({ group: fc.nat(11).map((n) => `g${n}`), classes: fc.subarray([1, 2, 3]) }), {
  minLength: 1,
  maxLength: 60,
});

describe('splitIntoFolds()', () => {
  it('gives every fold a group of each class where there are enough', () => {
    const items = [
      item('a', 1),
      item('b', 1),
      item('c', 1),
      item('d', 2),
      item('e', 2),
      item('f', 2),
      item('g'),
      item('h'),
    ];
    const { byGroup, remarks } = splitIntoFolds({ items, foldCount: 3, seed: 1, classes: [lesion, cyst] });
    expect(remarks).toEqual([]);
    expect(new Set(['a', 'b', 'c'].map((group) => byGroup[group]))).toEqual(new Set([0, 1, 2]));
    expect(new Set(['d', 'e', 'f'].map((group) => byGroup[group]))).toEqual(new Set([0, 1, 2]));
  });

  it('says which fold lacks which class', () => {
    const items = [item('a', 1, 2), item('b', 1, 2), item('c', 1)];
    const { byGroup, remarks } = splitIntoFolds({ items, foldCount: 3, seed: 1, classes: [lesion, cyst] });
    expect(remarks).toEqual([`fold ${byGroup['c']} has no "cyst"`]);
  });

  it('says it once where nobody has a class', () => {
    const items = [item('a', 1), item('b', 1)];
    expect(splitIntoFolds({ items, foldCount: 2, seed: 1, classes: [lesion, cyst] }).remarks).toEqual([
      'no fold has "cyst"',
    ]);
  });

  it('keeps a large group from sharing its fold', () => {
    const items = [...Array.from({ length: 6 }, () => item('big')), item('a'), item('b'), item('c'), item('d')];
    const { byGroup } = splitIntoFolds({ items, foldCount: 2, seed: 3, classes: [] });
    expect(Object.values(byGroup).filter((fold) => fold === byGroup['big'])).toHaveLength(1);
  });

  it('depends on the seed', () => {
    const items = Array.from({ length: 12 }, (_, i) => item(`g${i}`));
    const split = (seed: number) => JSON.stringify(splitIntoFolds({ items, foldCount: 3, seed, classes: [] }).byGroup);
    expect(new Set([1, 2, 3, 4].map(split)).size).toBeGreaterThan(1);
    expect(split(1)).toBe(split(1));
  });

  it('leaves no fold empty, names every group once, and does not depend on the order of the items', () => {
    fc.assert(
      fc.property(anyItems, fc.integer({ min: 2, max: 5 }), fc.nat(), (items, foldCount, seed) => {
        const names = new Set(items.map(({ group }) => group));
        fc.pre(names.size >= foldCount);
        const request = { foldCount, seed, classes: [lesion, cyst] };
        const folds = splitIntoFolds({ items, ...request });
        expect(Object.keys(folds.byGroup)).toEqual([...names].sort());
        expect(new Set(Object.values(folds.byGroup))).toEqual(new Set(Array.from({ length: foldCount }, (_, i) => i)));
        expect(splitIntoFolds({ items: items.toReversed(), ...request })).toEqual(folds);
      }),
      { numRuns: 60 },
    );
  });

  it('differs in size by no more than the largest group when no class must be covered', () => {
    fc.assert(
      fc.property(anyItems, fc.integer({ min: 2, max: 4 }), (items, foldCount) => {
        const sizes = new Map<string, number>();
        for (const { group } of items) sizes.set(group, (sizes.get(group) ?? 0) + 1);
        fc.pre(sizes.size >= foldCount);
        const { byGroup } = splitIntoFolds({ items, foldCount, seed: 0, classes: [] });
        const counts = Array.from(
          { length: foldCount },
          (_, fold) => items.filter(({ group }) => byGroup[group] === fold).length,
        );
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(Math.max(...sizes.values()));
      }),
      { numRuns: 60 },
    );
  });

  it('covers a class in as many folds as it has groups', () => {
    fc.assert(
      fc.property(anyItems, fc.integer({ min: 2, max: 4 }), (items, foldCount) => {
        fc.pre(new Set(items.map(({ group }) => group)).size >= foldCount);
        const { remarks } = splitIntoFolds({ items, foldCount, seed: 0, classes: [lesion] });
        const groups = new Set(items.filter(({ classes }) => classes.includes(1)).map(({ group }) => group)).size;
        const lacking = groups === 0 ? 1 : Math.max(0, foldCount - groups);
        expect(remarks).toHaveLength(lacking);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [1, 2, 'Cannot split 1 labelled group into 2 folds'],
    [0, 5, 'Cannot split 0 labelled groups into 5 folds'],
  ])('refuses %i groups for %i folds with SPLIT_IMPOSSIBLE and what to do', (groupCount, foldCount, message) => {
    const items = Array.from({ length: groupCount }, (_, i) => item(`g${i}`));
    expect(() => splitIntoFolds({ items, foldCount, seed: 0, classes: [] })).toThrow(
      expect.objectContaining({
        code: 'SPLIT_IMPOSSIBLE',
        message: expect.stringContaining(message),
        details: { groupCount, foldCount },
      }),
    );
  });

  it('rejects a single fold with INVALID_INPUT', () => {
    expect(() => splitIntoFolds({ items: [item('a')], foldCount: 1, seed: 0, classes: [] })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});
