import { expect } from 'vitest';
import { directBatchSource } from '../augmentation/batch-source.js';
import type { Engine } from '../engine/engine.js';
import { trainFold, type FoldHooks, type FoldRequest, type TrainedFold, type TrainedMember } from '../train-fold.js';
import { decodeCheckpoint, type Checkpoint } from '../training-state.js';
import { squares, tinySpec } from './tiny-fold.js';

export const tinyRequest = (engine: Engine, changes: Partial<FoldRequest> = {}): FoldRequest => ({
  spec: tinySpec(),
  fold: 0,
  classCount: 2,
  items: squares(12),
  engine,
  createBatches: directBatchSource,
  ...changes,
});

/** Hooks that know nothing and keep nothing. */
export function hooks(changes: Partial<FoldHooks> = {}): FoldHooks {
  return {
    report: () => undefined,
    onBatchHalved: () => undefined,
    loadCheckpoint: () => Promise.resolve(undefined),
    saveCheckpoint: () => Promise.resolve(),
    findMember: () => Promise.resolve(undefined),
    saveMember: () => Promise.resolve(),
    ...changes,
  };
}

/** Ends the training after so many steps, and lets another attempt finish it from what was stored. */
export async function killedAndResumed({
  spec,
  killedAt,
  killedOn,
  resumedOn,
}: {
  spec: FoldRequest['spec'];
  killedAt: number;
  killedOn: Engine;
  resumedOn: Engine;
}): Promise<TrainedFold> {
  const saved: Checkpoint[] = [];
  const members = new Map<number, TrainedMember>();
  const abort = new AbortController();
  const killed = trainFold(
    tinyRequest(killedOn, { spec }),
    hooks({
      signal: abort.signal,
      report: ({ done }) => done === killedAt && abort.abort(new Error('killed')),
      saveCheckpoint: (bytes) => Promise.resolve(void saved.push(decodeCheckpoint(bytes))),
      saveMember: (member) => Promise.resolve(void members.set(member.operatingPoint, member)),
    }),
  );
  await expect(killed).rejects.toThrow('killed');
  return trainFold(
    tinyRequest(resumedOn, { spec }),
    hooks({
      loadCheckpoint: () => Promise.resolve(saved.at(-1)),
      findMember: (w) => Promise.resolve(members.get(w)),
    }),
  );
}
