import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CampaignSpec } from '../schemas/campaign-spec.js';
import { planSplit, type SplitItem } from './plan-split.js';

type Split = CampaignSpec['split'];
const bare = (group: string, slice = 0): SplitItem => ({
  id: `${group}/${slice}`,
  group,
  hasLabel: false,
  classes: [],
});
const withLabel = (group: string, slice = 0, classes = [1]): SplitItem => ({
  ...bare(group, slice),
  hasLabel: true,
  classes,
});
const eight = Array.from({ length: 8 }, (_, i) => withLabel(`g${i}`));
const groupsOf = (ids: string[]) => [...new Set(ids.map((id) => id.split('/')[0]!))].sort();

describe('planSplit()', () => {
  it('takes named groups, and hides the labels of the rest', () => {
    const split = planSplit({ items: eight, split: { labelled: ['g1', 'g2'], test: ['g7'] }, seed: 1 });
    expect(split).toEqual({
      labelled: ['g1/0', 'g2/0'],
      test: ['g7/0'],
      pool: ['g0/0', 'g3/0', 'g4/0', 'g5/0', 'g6/0'],
      leftOut: [],
    });
  });

  it('takes every given label outside the test set; the pool is what has none', () => {
    const items = [...eight.slice(0, 3), bare('p'), bare('q')];
    const split = planSplit({ items, split: { labelled: 'given', test: ['g0'] }, seed: 1 });
    expect(split).toEqual({ labelled: ['g1/0', 'g2/0'], test: ['g0/0'], pool: ['p/0', 'q/0'], leftOut: [] });
  });

  it('puts unlabelled items of a labelled group into the pool, and those of a test group nowhere', () => {
    const items = [withLabel('a'), bare('a', 1), withLabel('t'), bare('t', 1)];
    const split = planSplit({ items, split: { labelled: 'given', test: ['t'] }, seed: 1 });
    expect(split).toEqual({ labelled: ['a/0'], test: ['t/0'], pool: ['a/1'], leftOut: ['t/1'] });
  });

  it('draws a number of groups by the seed', () => {
    const draw = (seed: number) => planSplit({ items: eight, split: { labelled: 3, test: 2 }, seed });
    const { labelled, test, pool } = draw(5);
    expect([labelled, test, pool].map((ids) => groupsOf(ids).length)).toEqual([3, 2, 3]);
    expect(draw(5)).toEqual(draw(5));
    expect(new Set([1, 2, 3, 4, 5, 6].map((seed) => draw(seed).test.join())).size).toBeGreaterThan(1);
  });

  it('draws a test set around the groups that are named as labelled', () => {
    const split = planSplit({ items: eight, split: { labelled: ['g0', 'g1', 'g2', 'g3', 'g4'], test: 2 }, seed: 1 });
    expect(groupsOf(split.test).every((group) => ['g5', 'g6', 'g7'].includes(group))).toBe(true);
  });

  it('draws groups that show every class where it can', () => {
    const items = [...eight, withLabel('rare', 0, [1, 2]), withLabel('also-rare', 0, [1, 2])];
    for (let seed = 0; seed < 10; seed++) {
      const { test, labelled } = planSplit({ items, split: { labelled: 3, test: 3 }, seed });
      expect(groupsOf(test).some((group) => group.includes('rare'))).toBe(true);
      expect(labelled).toHaveLength(3);
    }
  });

  it('puts each item into exactly one part, and keeps test groups whole', () => {
    const anyItem = fc.record({ group: fc.nat(9).map((n) => `g${n}`), hasLabel: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyItem, { minLength: 20, maxLength: 50 }), fc.nat(), (drawn, seed) => {
        const items = drawn.map(({ group, hasLabel }, i) => ({ id: `${group}/${i}`, group, hasLabel, classes: [] }));
        fc.pre(new Set(items.filter(({ hasLabel }) => hasLabel).map(({ group }) => group)).size >= 4);
        const request: Split = { labelled: 2, test: 1 };
        const { labelled, test, pool, leftOut } = planSplit({ items, split: request, seed });
        expect([...labelled, ...test, ...pool, ...leftOut].sort()).toEqual(items.map(({ id }) => id).sort());
        const testGroups = groupsOf(test);
        expect(groupsOf([...labelled, ...pool]).some((group) => testGroups.includes(group))).toBe(false);
        const mirrored = planSplit({ items: items.toReversed(), split: request, seed });
        expect(mirrored.test.toSorted()).toEqual(test.toSorted());
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, SplitItem[], Split, string, string]>([
    [
      'groups that do not exist, all at once',
      eight,
      { labelled: ['g01', 'zebra'], test: ['g7'] },
      'SPLIT_IMPOSSIBLE',
      'no group "g01" (did you mean "g0"?), "zebra". The data set has 8 groups',
    ],
    ['groups in both parts', eight, { labelled: ['g1', 'g2'], test: ['g2'] }, 'SPLIT_IMPOSSIBLE', '"g2" named twice'],
    [
      'named groups without labels',
      [...eight, bare('p')],
      { labelled: ['p'], test: 1 },
      'SPLIT_IMPOSSIBLE',
      'no item of "p" has a label',
    ],
    [
      'more groups than there are',
      eight,
      { labelled: 6, test: 3 },
      'SPLIT_IMPOSSIBLE',
      '6 labelled and 3 test are wanted, 8 groups have labels',
    ],
    [
      'a test set that takes all labels',
      eight,
      { labelled: 'given', test: 8 },
      'SPLIT_IMPOSSIBLE',
      'at least 1 labelled group and 8 test',
    ],
    [
      'a data set without labels',
      [bare('p')],
      { labelled: 'given', test: 1 },
      'SPLIT_IMPOSSIBLE',
      '0 groups have labels',
    ],
    ['an empty data set', [], { labelled: 'given', test: 1 }, 'SPLIT_IMPOSSIBLE', '0 groups have labels'],
    ['a pool that would be empty', eight, { labelled: 'given', test: 2 }, 'POOL_EMPTY', 'Every item has a label'],
    ['a pool that would be empty for want of groups', eight, { labelled: 6, test: 2 }, 'POOL_EMPTY', 'Name fewer'],
  ])('refuses %s', (...[, items, split, code, message]) => {
    expect(() => planSplit({ items, split, seed: 1 })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});
