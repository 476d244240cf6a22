import { checkpointKey, checkpointPrefix } from '@probity/core/artifacts/keys';
import { hasCode } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { decodeCheckpoint, type Checkpoint } from '@probity/training/training-state';

async function keysOf(store: ArtifactStore, inputHash: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(checkpointPrefix(inputHash))) keys.push(key);
  return keys;
}

/** The newest checkpoint that can be read. A damaged one is removed, so that its step can be stored again. */
export async function newestCheckpoint(store: ArtifactStore, inputHash: string): Promise<Checkpoint | undefined> {
  for (const key of (await keysOf(store, inputHash)).toReversed()) {
    const ref = await store.find(key);
    if (!ref) continue;
    try {
      return decodeCheckpoint(await store.get(ref), key);
    } catch (error) {
      if (!hasCode(error, 'ARTIFACT_CORRUPT', 'ARTIFACT_MISSING')) throw error;
      await store.delete(key);
    }
  }
  return undefined;
}

/** Stores a checkpoint and drops all but the one before it. */
export async function saveCheckpoint(
  store: ArtifactStore,
  { inputHash, done }: { inputHash: string; done: number },
  bytes: Uint8Array,
): Promise<void> {
  try {
    await store.put(checkpointKey(inputHash, done), bytes);
  } catch (error) {
    // An attempt on another device got this far too; either checkpoint will do.
    if (!hasCode(error, 'ARTIFACT_EXISTS')) throw error;
  }
  const keys = await keysOf(store, inputHash);
  for (const key of keys.slice(0, -2)) await store.delete(key);
}

export async function dropCheckpoints(store: ArtifactStore, inputHash: string): Promise<void> {
  for (const key of await keysOf(store, inputHash)) await store.delete(key);
}
