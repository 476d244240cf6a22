import { beforeAll, describe, expect, it } from 'vitest';
import { directBatchSource } from './augmentation/batch-source.js';
import type { Engine } from './engine/engine.js';
import { createOnnxEngine } from './engine/onnx/onnx-engine.js';
import { createCommittee } from './inference/committee.js';
import type { SoftItems } from './items.js';
import { createLoopingEngine } from './testing/looping-engine.js';
import { withSmallMemory } from './testing/small-memory.js';
import { noAugmentation, squares, tinySpec } from './testing/tiny-fold.js';
import { hooks, killedAndResumed } from './testing/tiny-training.js';
import { trainStudent, type StudentRequest } from './train-student.js';
import { decodeCheckpoint, type Checkpoint } from './training-state.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

/** Squares of which a doubting teacher says so much of a pixel inside, and so much of one outside. */
function doubtful(count: number, [inside, outside]: readonly [number, number], stream = 'train'): SoftItems {
  const { labels, ...items } = squares(count, stream);
  const levels = new Uint8Array(labels.length * 2);
  labels.forEach((label, i) => {
    const foreground = Math.round(255 * (label === 1 ? inside : outside));
    levels.set([255 - foreground, foreground], 2 * i);
  });
  return { ...items, classCount: 2, levels };
}

const { seed, model, training } = tinySpec();
const request = (changes: Partial<StudentRequest> = {}): StudentRequest => ({
  seed,
  model,
  training,
  items: doubtful(12, [0.8, 0.1]),
  engine,
  createBatches: directBatchSource,
  ...changes,
});

describe('trainStudent()', () => {
  it('comes to the same bytes where a run makes several steps', async () => {
    const looping = await createLoopingEngine();
    expect(await trainStudent(request({ engine: looping }), hooks())).toEqual(await trainStudent(request(), hooks()));
  });

  it("learns its teacher's doubt: neither more sure nor less than the probabilities it was shown", async () => {
    const longer = { ...training, steps: 300, augmentation: noAugmentation };
    const { weights } = await trainStudent(request({ training: longer }), hooks());
    const unseen = squares(8, 'unseen');
    const committee = await createCommittee({
      model,
      items: unseen,
      classCount: 2,
      members: [weights],
      batchSize: 4,
      engine,
    });
    const predictions = await committee.predict(unseen.images, 8);
    await committee.dispose();
    const sums = [
      { count: 0, probability: 0 },
      { count: 0, probability: 0 },
    ];
    const pixels = unseen.height * unseen.width;
    unseen.labels.forEach((label, i) => {
      sums[label]!.count++;
      sums[label]!.probability += predictions[Math.floor(i / pixels)]!.meanScores[(i % pixels) * 2 + 1]!;
    });
    const [outside, inside] = sums.map(({ count, probability }) => probability / count);
    expect(Math.abs(inside! - 0.8)).toBeLessThan(0.04);
    expect(Math.abs(outside! - 0.1)).toBeLessThan(0.04);
  });

  it('gives the same bytes twice, and with other seeds other bytes', async () => {
    const first = await trainStudent(request(), hooks());
    expect(await trainStudent(request(), hooks())).toEqual(first);
    expect((await trainStudent(request({ seed: 8 }), hooks())).weights).not.toEqual(first.weights);
    expect(first.curve.at(-1)!.step).toBe(training.steps);
  });

  it.each([3, 17])('goes on to the very same weights when it is killed at step %i', async (killedAt) => {
    const weightAverage = { kind: 'exponential', decay: 0.9 } as const;
    const averaging = request({ training: { ...training, weightAverage } });
    const resumed = await killedAndResumed((_, told) => trainStudent(averaging, told), killedAt);
    expect(resumed).toEqual(await trainStudent(averaging, hooks()));
  });

  it('cuts batches that the memory does not hold into parts that add up to them, the last one filled up, and says so', async () => {
    const short = { ...training, batchSize: 3, steps: 3, warmupSteps: 1 };
    const whole = await trainStudent(request({ training: short }), hooks());
    const told: number[] = [];
    const saved: Checkpoint[] = [];
    const cut = await trainStudent(
      request({ training: short, engine: withSmallMemory(engine, 2).engine }),
      hooks({
        onBatchHalved: (parts) => told.push(parts),
        saveCheckpoint: (bytes) => Promise.resolve(void saved.push(decodeCheckpoint(bytes, 'newest'))),
      }),
    );
    expect([whole.batchParts, cut.batchParts, told, saved.at(-1)!.batchParts]).toEqual([1, 2, [2], 2]);
    cut.curve.forEach(({ loss }, i) => expect(loss).toBeCloseTo(whole.curve[i]!.loss, 4));
  });

  it('ends with TRAINING_DIVERGED, naming the student and the step, when an image is not a number', async () => {
    const items = doubtful(4, [1, 0]);
    items.images.fill(Number.NaN);
    await expect(trainStudent(request({ items }), hooks())).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringMatching(/the student.*step 1/),
    });
  });

  it('ends with TRAINING_COLLAPSED when every weight has decayed to nothing', async () => {
    const optimiser = { kind: 'sgd', momentum: 0, weightDecay: 1 } as const;
    const decaying = { ...training, optimiser, learningRate: 1, warmupSteps: 0, gradientNormMax: 1e-9 };
    await expect(trainStudent(request({ training: decaying }), hooks())).rejects.toMatchObject({
      code: 'TRAINING_COLLAPSED',
      message: expect.stringContaining('the student'),
    });
  });
});
