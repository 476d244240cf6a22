import { requireInput } from '../errors.js';

/**
 * Cuts the pool into shards of `shardSize` items, the last one smaller, in ascending order of the ids: the same pool
 * makes the same shards in every round, so that finished shards are found again.
 *
 * @throws {ProbityError} `INVALID_INPUT` unless `shardSize` is a positive integer.
 */
export function splitIntoShards(ids: readonly string[], shardSize: number): string[][] {
  requireInput(
    Number.isInteger(shardSize) && shardSize >= 1,
    `Cannot split the pool into shards of ${shardSize} items: must be 1 or more`,
  );
  const sorted = ids.toSorted();
  return Array.from({ length: Math.ceil(sorted.length / shardSize) }, (_, shard) =>
    sorted.slice(shard * shardSize, (shard + 1) * shardSize),
  );
}
