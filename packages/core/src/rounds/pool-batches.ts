/** What a part of the pool came to. */
export interface PoolCounts {
  readonly poolCount: number;
  readonly acceptedCount: number;
  readonly ignoredCount: number;
  readonly setAsideCount: number;
  /** Items that left the sweep early; absent where no early exit was asked for. */
  readonly leftEarlyCount?: number | undefined;
}

/** The pool's counts from those of its parts; nothing where there are none. */
export function sumPoolCounts(parts: readonly PoolCounts[]): PoolCounts {
  const sum = (count: (part: PoolCounts) => number) => parts.reduce((total, part) => total + count(part), 0);
  const mayLeave = parts.some(({ leftEarlyCount }) => leftEarlyCount !== undefined);
  return {
    poolCount: sum((part) => part.poolCount),
    acceptedCount: sum((part) => part.acceptedCount),
    ignoredCount: sum((part) => part.ignoredCount),
    setAsideCount: sum((part) => part.setAsideCount),
    ...(mayLeave && { leftEarlyCount: sum((part) => part.leftEarlyCount ?? 0) }),
  };
}

/** A stretch of shards that one sweep workflow handles. */
export interface ShardBatch {
  readonly batch: number;
  readonly firstShard: number;
  readonly shardCount: number;
}

/** Cuts `shardCount` shards into batches of `shardsPerBatch`, the last one smaller. */
export function batchShards(shardCount: number, shardsPerBatch: number): ShardBatch[] {
  return Array.from({ length: Math.ceil(shardCount / shardsPerBatch) }, (_, batch) => ({
    batch,
    firstShard: batch * shardsPerBatch,
    shardCount: Math.min(shardsPerBatch, shardCount - batch * shardsPerBatch),
  }));
}
