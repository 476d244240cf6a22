import { beforeAll, describe, expect, it } from 'vitest';
import { directBatchSource, type CreateBatchSource } from './augmentation/batch-source.js';
import type { Engine } from './engine/engine.js';
import { createOnnxEngine } from './engine/onnx/onnx-engine.js';
import { createLoopingEngine } from './testing/looping-engine.js';
import { withSmallMemory } from './testing/small-memory.js';
import { tinySpec } from './testing/tiny-fold.js';
import { hooks, killedAndResumed, tinyRequest, trainFold } from './testing/tiny-training.js';
import { trainTrunk, type FoldRequest } from './train-fold.js';
import type { TrainingHooks } from './training-hooks.js';
import { decodeCheckpoint, type Checkpoint } from './training-state.js';

let engine: Engine;
let looping: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
  looping = await createLoopingEngine();
});

describe('trainTrunk() and trainMember() with several steps in a run', () => {
  /** Checkpoints too far apart for a run, and nearer than a run is long: runs are then cut at them. */
  const specOf = (checkpointEverySteps: number): FoldRequest['spec'] => {
    const { training, ...spec } = tinySpec();
    return { ...spec, training: { ...training, checkpointEverySteps } };
  };
  interface Told {
    readonly reports: unknown[];
    readonly checkpoints: { readonly done: number; readonly checkpoint: Checkpoint }[];
  }
  const trained = async (spec: FoldRequest['spec'], trainedBy: Engine) => {
    const told: Told = { reports: [], checkpoints: [] };
    const fold = await trainFold(
      tinyRequest(trainedBy, { spec, predictingEngine: engine }),
      hooks({
        report: (progress) => told.reports.push(progress),
        saveCheckpoint: (bytes, done) => {
          told.checkpoints.push({ done, checkpoint: decodeCheckpoint(bytes, 'newest') });
          return Promise.resolve();
        },
      }),
    );
    return { fold, told };
  };

  it.each([5, 100])(
    'gives members, progress and checkpoints of single steps to the bit: one every %i steps',
    async (checkpointEverySteps) => {
      const spec = specOf(checkpointEverySteps);
      const [expected, actual] = [await trained(spec, engine), await trained(spec, looping)];
      expect(actual).toEqual(expected);
      expect(actual.told.reports).toHaveLength(18 + 2 * 6);
    },
  );

  it.each([3, 7])('goes on from its checkpoints to the very same weights, killed at %i steps', async (killedAt) => {
    const train = (_: string, told: TrainingHooks) => trainTrunk(tinyRequest(looping), told);
    expect(await killedAndResumed(train, killedAt)).toEqual(await trainTrunk(tinyRequest(engine), hooks()));
  });

  it('makes no run after it was told to stop', async () => {
    const abort = new AbortController();
    const done: number[] = [];
    const stopped = trainFold(
      tinyRequest(looping, { spec: specOf(100) }),
      hooks({
        signal: abort.signal,
        report: (progress) => {
          done.push(progress.done);
          if (progress.done === 3) abort.abort(new Error('stopped'));
        },
      }),
    );
    await expect(stopped).rejects.toThrow('stopped');
    expect(done).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('names the step, not the run, at which training diverged', async () => {
    const broken: CreateBatchSource = (batches) => {
      const source = directBatchSource(batches);
      const batch = async (step: number) => {
        const { ...made } = await source.batch(step);
        if (step === 5) made.images.fill(Number.NaN);
        return made;
      };
      return { ...source, batch };
    };
    const training = tinyRequest(looping, { spec: specOf(100), createBatches: broken });
    await expect(trainFold(training)).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringMatching(/fold 0, trunk.*step 6/),
    });
  });

  it('cuts batches to a memory that does not hold them, as with single steps', async () => {
    const train = (trainedBy: Engine) =>
      trainFold(tinyRequest(withSmallMemory(trainedBy, 2).engine, { predictingEngine: engine }));
    expect(await train(looping)).toEqual(await train(engine));
  });
});
