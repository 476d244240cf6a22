import { expect } from 'vitest';
import { directBatchSource } from '../augmentation/batch-source.js';
import type { Engine } from '../engine/engine.js';
import { trainMember, trainTrunk, type FoldRequest, type TrainedMember, type TrainedTrunk } from '../train-fold.js';
import type { TrainingHooks } from '../training-hooks.js';
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
export const hooks = (changes: Partial<TrainingHooks> = {}): TrainingHooks => ({
  report: () => undefined,
  onBatchHalved: () => undefined,
  loadCheckpoint: () => Promise.resolve(undefined),
  saveCheckpoint: () => Promise.resolve(),
  ...changes,
});

export interface TrainedFold {
  readonly trunk: TrainedTrunk;
  readonly members: readonly TrainedMember[];
}

/** The trunk of a fold and all its members, one after the other. */
export async function trainFold(request: FoldRequest, told = hooks()): Promise<TrainedFold> {
  const trunk = await trainTrunk(request, told);
  const members: TrainedMember[] = [];
  for (const operatingPoint of request.spec.ensemble.operatingPoints)
    members.push(await trainMember({ ...request, trunk, operatingPoint }, told));
  return { trunk, members };
}

/**
 * Ends a training after so many steps, and lets another attempt finish it from what was stored.
 *
 * @param train Called twice: by whom the first attempt and the second are made is up to it.
 */
export async function killedAndResumed<Trained>(
  train: (attempt: 'first' | 'second', told: TrainingHooks) => Promise<Trained>,
  killedAt: number,
): Promise<Trained> {
  const saved: { readonly done: number; readonly checkpoint: Checkpoint }[] = [];
  const abort = new AbortController();
  const killed = train(
    'first',
    hooks({
      signal: abort.signal,
      report: ({ done }) => done === killedAt && abort.abort(new Error('killed')),
      saveCheckpoint: (bytes, done) =>
        Promise.resolve(void saved.push({ done, checkpoint: decodeCheckpoint(bytes, 'newest') })),
    }),
  );
  await expect(killed).rejects.toThrow('killed');
  const resumed: number[] = [];
  const finished = await train(
    'second',
    hooks({
      loadCheckpoint: () => Promise.resolve(saved.at(-1)?.checkpoint),
      report: ({ done }) => resumed.push(done),
    }),
  );
  expect(resumed[0]).toBe((saved.at(-1)?.done ?? 0) + 1);
  return finished;
}
