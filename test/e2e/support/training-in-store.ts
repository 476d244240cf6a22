import type { ArtifactStore } from '@probity/core/ports/artifact-store';

/** Members that are trained, by the hash of their inputs. */
export async function finishedMembers(store: ArtifactStore): Promise<string[]> {
  const hashes: string[] = [];
  for await (const key of store.list('results/train-member/')) {
    const [, , hash, file] = key.split('/');
    if (file === 'result.json') hashes.push(hash!);
  }
  return hashes;
}

/** Steps done at the newest checkpoint of every training under way, by the hash of its inputs. */
export async function newestCheckpoints(store: ArtifactStore): Promise<Map<string, number>> {
  const steps = new Map<string, number>();
  for await (const key of store.list('checkpoints/')) {
    const [, hash, file] = key.split('/');
    steps.set(hash!, Number.parseInt(file!, 10)); // listed in order
  }
  return steps;
}
