import { checkpointKey } from '@probity/core/artifacts/keys';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { encodeCheckpoint, type Checkpoint } from '@probity/training/training-state';
import { describe, expect, it } from 'vitest';
import { keysOf } from '../testing/run-round.js';
import { dropCheckpoints, newestCheckpoint, saveCheckpoint } from './checkpoints.js';

const inputHash = 'abc';
const checkpoint = (step: number): Checkpoint => ({
  step,
  curve: [],
  pending: { sum: 0, count: 0 },
  batchParts: 1,
  state: { weights: Float32Array.of(step, 0.5) },
});

async function storeWith(...steps: number[]): Promise<MemoryArtifactStore> {
  const store = new MemoryArtifactStore();
  for (const step of steps) await saveCheckpoint(store, { inputHash, done: step }, encodeCheckpoint(checkpoint(step)));
  return store;
}

describe('checkpoints of a job', () => {
  it('are read from the newest, and kept down to two', async () => {
    const store = await storeWith(5, 10, 15);
    expect(await newestCheckpoint(store, inputHash)).toEqual(checkpoint(15));
    expect(await keysOf(store, 'checkpoints/')).toEqual([checkpointKey(inputHash, 10), checkpointKey(inputHash, 15)]);
  });

  it('are none where the job never stored one', async () => {
    expect(await newestCheckpoint(await storeWith(), inputHash)).toBeUndefined();
  });

  it('pass over a damaged one for the one before, and let its step be stored again', async () => {
    const store = await storeWith(5);
    await store.put(checkpointKey(inputHash, 10), encodeCheckpoint(checkpoint(10)).slice(0, -3));
    expect(await newestCheckpoint(store, inputHash)).toEqual(checkpoint(5));
    await saveCheckpoint(store, { inputHash, done: 10 }, encodeCheckpoint(checkpoint(10)));
    expect(await newestCheckpoint(store, inputHash)).toEqual(checkpoint(10));
  });

  it('stand where an attempt on another device stored the same step first', async () => {
    const store = await storeWith(5);
    const other = { ...checkpoint(5), state: { weights: Float32Array.of(9, 9) } };
    await saveCheckpoint(store, { inputHash, done: 5 }, encodeCheckpoint(other));
    expect(await newestCheckpoint(store, inputHash)).toEqual(checkpoint(5));
  });

  it('are dropped without touching those of other jobs', async () => {
    const store = await storeWith(5, 10);
    await saveCheckpoint(store, { inputHash: 'abcd', done: 5 }, encodeCheckpoint(checkpoint(5)));
    await dropCheckpoints(store, inputHash);
    expect(await keysOf(store, 'checkpoints/')).toEqual([checkpointKey('abcd', 5)]);
  });
});
