import { describe, expect, it } from 'vitest';
import { batchShards, sumPoolCounts } from './pool-batches.js';

describe('batchShards()', () => {
  it('covers every shard once, the last batch smaller', () => {
    expect(batchShards(5, 2)).toEqual([
      { batch: 0, firstShard: 0, shardCount: 2 },
      { batch: 1, firstShard: 2, shardCount: 2 },
      { batch: 2, firstShard: 4, shardCount: 1 },
    ]);
  });

  it('makes no batch of no shards', () => {
    expect(batchShards(0, 2)).toEqual([]);
  });
});

describe('sumPoolCounts()', () => {
  it('adds the parts, and gives zeros for none', () => {
    const part = { poolCount: 4, acceptedCount: 1, ignoredCount: 2, setAsideCount: 1 };
    expect(sumPoolCounts([part, part])).toEqual({ poolCount: 8, acceptedCount: 2, ignoredCount: 4, setAsideCount: 2 });
    expect(sumPoolCounts([part, { ...part, leftEarlyCount: 3 }])).toMatchObject({ poolCount: 8, leftEarlyCount: 3 });
    expect(sumPoolCounts([])).toEqual({ poolCount: 0, acceptedCount: 0, ignoredCount: 0, setAsideCount: 0 });
  });
});
