import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIntoShards } from './split-into-shards.js';

describe('splitIntoShards()', () => {
  it('cuts in the order of the ids, whatever order they come in', () => {
    expect(splitIntoShards(['e', 'a', 'd', 'b', 'c'], 2)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('makes no shard of an empty pool', () => {
    expect(splitIntoShards([], 3)).toEqual([]);
  });

  it('loses nothing, repeats nothing, and fills every shard but the last', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 9 }), (ids, shardSize) => {
        const shards = splitIntoShards(ids, shardSize);
        expect(shards.flat()).toEqual(ids.toSorted());
        expect(shards.slice(0, -1).every((shard) => shard.length === shardSize)).toBe(true);
      }),
    );
  });

  it.each([0, 1.5, NaN])('rejects shards of %d items with INVALID_INPUT', (shardSize) => {
    expect(() => splitIntoShards(['a'], shardSize)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
