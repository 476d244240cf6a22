import { beforeAll, describe, expect, it } from 'vitest';
import { directBatchSource } from './augmentation/batch-source.js';
import type { Engine } from './engine/engine.js';
import { createOnnxEngine } from './engine/onnx/onnx-engine.js';
import { createCommittee } from './inference/committee.js';
import { squares, tinySpec } from './testing/tiny-fold.js';
import { trainFold, type FoldHooks, type FoldRequest, type TrainedMember } from './train-fold.js';
import { decodeCheckpoint, type Checkpoint } from './training-state.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

const request = (changes: Partial<FoldRequest> = {}): FoldRequest => ({
  spec: tinySpec(),
  fold: 0,
  classCount: 2,
  items: squares(12),
  engine,
  createBatches: directBatchSource,
  ...changes,
});

function hooks(changes: Partial<FoldHooks> = {}): FoldHooks {
  return {
    report: () => undefined,
    loadCheckpoint: () => Promise.resolve(undefined),
    saveCheckpoint: () => Promise.resolve(),
    findMember: () => Promise.resolve(undefined),
    saveMember: () => Promise.resolve(),
    ...changes,
  };
}

describe('trainFold()', () => {
  it('learns what can be learnt, and members at lower w mark more', async () => {
    const { members } = await trainFold(request(), hooks());
    const items = squares(6, 'unseen');
    const committee = await createCommittee({ model: tinySpec().model, items, classCount: 2, members: members.map(({ weights }) => weights), batchSize: 4, engine });
    const predictions = await committee.predict(items.images, 6);
    await committee.dispose();
    const pixels = items.height * items.width;
    let [hits, predicted, truth] = [0, 0, 0];
    const marked = [0, 0];
    predictions.forEach(({ memberClasses, meanScores }, item) => {
      for (let pixel = 0; pixel < pixels; pixel++) {
        const label = items.labels[item * pixels + pixel]!;
        const foreground = meanScores[pixel * 2 + 1]! > 0.5 ? 1 : 0;
        hits += label * foreground;
        predicted += foreground;
        truth += label;
        marked.forEach((_, member) => (marked[member]! += memberClasses[member * pixels + pixel]!));
      }
    });
    expect((2 * hits) / (predicted + truth)).toBeGreaterThan(0.8);
    expect(marked[0]).toBeGreaterThanOrEqual(marked[1]!);
    expect(members[0]!.curve.at(-1)!.step).toBe(tinySpec().training.steps);
  });

  it('gives the same bytes twice', async () => {
    const [first, second] = [await trainFold(request(), hooks()), await trainFold(request(), hooks())];
    expect(second).toEqual(first);
  });

  it.each([7, 19, 26])('goes on to the very same weights from the checkpoint at %i steps', async (killedAt) => {
    const undisturbed = await trainFold(request(), hooks());
    const saved: Checkpoint[] = [];
    const members = new Map<number, TrainedMember>();
    const abort = new AbortController();
    const killed = trainFold(
      request(),
      hooks({
        signal: abort.signal,
        report: ({ done }) => done === killedAt && abort.abort(new Error('killed')),
        saveCheckpoint: (bytes) => Promise.resolve(void saved.push(decodeCheckpoint(bytes))),
        saveMember: (member) => Promise.resolve(void members.set(member.operatingPoint, member)),
      }),
    );
    await expect(killed).rejects.toThrow('killed');
    const resumed = await trainFold(
      request(),
      hooks({ loadCheckpoint: () => Promise.resolve(saved.at(-1)), findMember: (w) => Promise.resolve(members.get(w)) }),
    );
    expect(resumed).toEqual(undisturbed);
  });

  it('does not train a finished member again', async () => {
    const { members } = await trainFold(request(), hooks());
    const parts = new Set<string>();
    const again = await trainFold(request(), hooks({ findMember: (w) => Promise.resolve(members.find((member) => member.operatingPoint === w)), report: ({ part }) => parts.add(part) }));
    expect([...parts]).toEqual([]);
    expect(again.members).toEqual(members);
  });

  it('ends with TRAINING_DIVERGED, naming fold, part and step, when an image is not a number', async () => {
    const items = squares(12);
    items.images.fill(Number.NaN);
    await expect(trainFold(request({ items }), hooks())).rejects.toMatchObject({ code: 'TRAINING_DIVERGED', message: expect.stringMatching(/fold 0, trunk.*step 1/) });
  });

  it('ends with TRAINING_COLLAPSED when a member sees one class everywhere', async () => {
    const spec = tinySpec();
    const blind = { ...spec, ensemble: { ...spec.ensemble, operatingPoints: [9] } };
    const items = squares(12);
    items.images.fill(0); // nothing to see, and an operating point at which foreground costs next to nothing
    await expect(trainFold(request({ spec: blind, items }), hooks())).rejects.toMatchObject({ code: 'TRAINING_COLLAPSED' });
  });
});
