import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from './engine/engine.js';
import { createOnnxEngine } from './engine/onnx/onnx-engine.js';
import { createCommittee } from './inference/committee.js';
import { createNetwork } from './models/network.js';
import { withSmallMemory } from './testing/small-memory.js';
import { brightOrDark, squares, tinySpec } from './testing/tiny-fold.js';
import { hooks, killedAndResumed, tinyRequest } from './testing/tiny-training.js';
import { trainFold, type FoldRequest } from './train-fold.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

const request = (changes: Partial<FoldRequest> = {}): FoldRequest => tinyRequest(engine, changes);
const killAndResume = (spec: FoldRequest['spec'], killedAt: number, killedOn = engine) =>
  killedAndResumed({ spec, killedAt, killedOn, resumedOn: engine });

describe('trainFold()', () => {
  it('learns what can be learnt, and members at lower w mark more', async () => {
    const { members } = await trainFold(request(), hooks());
    const items = squares(6, 'unseen');
    const committee = await createCommittee({
      model: tinySpec().model,
      items,
      classCount: 2,
      members: members.map(({ weights }) => weights),
      batchSize: 4,
      engine,
    });
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
    expect(marked[0]).toBeGreaterThan(marked[1]!);
    expect(members[0]!.curve.at(-1)!.step).toBe(tinySpec().training.steps);
  });

  it.each([
    ['the last weights', { kind: 'none' }],
    ['averaged weights', { kind: 'exponential', decay: 0.9 }],
  ] as const)('leaves the encoder to the trunk where forks train the decoder: %s', async (_, weightAverage) => {
    const { ensemble, training } = tinySpec();
    const spec = {
      ...tinySpec(),
      training: { ...training, weightAverage },
      ensemble: { ...ensemble, forkTrains: 'decoder' as const },
    };
    const { members } = await trainFold(request({ spec }), hooks());
    const { encoderSize } = createNetwork({ model: spec.model, channels: 1, classCount: 2 });
    const [first, second] = members.map(({ weights }) => weights);
    expect(encoderSize).toBeGreaterThan(0);
    expect(first!.slice(0, encoderSize)).toEqual(second!.slice(0, encoderSize));
    const moved = first!.slice(encoderSize).filter((weight, i) => weight !== second![encoderSize + i]);
    expect(moved.length).toBeGreaterThan(0.9 * (first!.length - encoderSize));
    expect(await killAndResume(spec, 19)).toEqual(await trainFold(request({ spec }), hooks()));
  });

  it('gives the same bytes twice', async () => {
    const [first, second] = [await trainFold(request(), hooks()), await trainFold(request(), hooks())];
    expect(second).toEqual(first);
  });

  it.each([7, 19, 26])('goes on to the very same weights from the checkpoint at %i steps', async (killedAt) => {
    const undisturbed = await trainFold(request(), hooks());
    expect(await killAndResume(tinySpec(), killedAt)).toEqual(undisturbed);
  });

  it('does not train a finished member again', async () => {
    const { members } = await trainFold(request(), hooks());
    const parts = new Set<string>();
    const again = await trainFold(
      request(),
      hooks({
        findMember: (w) => Promise.resolve(members.find((member) => member.operatingPoint === w)),
        report: ({ part }) => parts.add(part),
      }),
    );
    expect([...parts]).toEqual([]);
    expect(again.members).toEqual(members);
  });

  it('ends with TRAINING_DIVERGED, naming fold, part and step, when an image is not a number', async () => {
    const items = squares(12);
    items.images.fill(Number.NaN);
    await expect(trainFold(request({ items }), hooks())).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringMatching(/fold 0, trunk.*step 1/),
    });
  });

  it('ends with TRAINING_COLLAPSED, naming fold and part, when every weight has decayed to nothing', async () => {
    const spec = tinySpec();
    const optimiser = { kind: 'sgd', momentum: 0, weightDecay: 1 } as const;
    const training = { ...spec.training, optimiser, learningRate: 1, warmupSteps: 0, gradientNormMax: 1e-9 };
    await expect(trainFold(request({ spec: { ...spec, training } }), hooks())).rejects.toMatchObject({
      code: 'TRAINING_COLLAPSED',
      message: expect.stringContaining('fold 0, trunk'),
    });
  });

  it('goes on to the very same curves and weight average when killed between two points of a curve', async () => {
    const spec = tinySpec();
    const weightAverage = { kind: 'exponential', decay: 0.9 } as const;
    const training = { ...spec.training, steps: 210, weightAverage, checkpointEverySteps: 100 };
    const long = { ...spec, training, ensemble: { ...spec.ensemble, operatingPoints: [0] } };
    const undisturbed = await trainFold(request({ spec: long }), hooks());
    expect(undisturbed.trunkCurve.map(({ step }) => step).slice(-3)).toEqual([153, 156, 158]); // 158 steps of trunk
    const resumed = await killAndResume(long, 120);
    expect(resumed).toEqual(undisturbed);
  });

  it('learns classes of whole images', async () => {
    const items = brightOrDark(16);
    const spec = tinySpec();
    const model = { ...spec.model, kind: 'classifier' } as const;
    const training = { ...spec.training, steps: 120, learningRate: 0.01 };
    const { members } = await trainFold(request({ spec: { ...spec, model, training }, items }), hooks());
    const unseen = brightOrDark(8, 'unseen');
    const weights = members.map((member) => member.weights);
    const committee = await createCommittee({
      model,
      items: unseen,
      classCount: 2,
      members: weights,
      batchSize: 4,
      engine,
    });
    const predictions = await committee.predict(unseen.images, 8);
    await committee.dispose();
    expect(predictions.map(({ meanScores }) => (meanScores[1]! > 0.5 ? 1 : 0))).toEqual([...unseen.labels]);
  });

  it('refuses networks of which an ensemble would be too large for one graph', async () => {
    const spec = tinySpec();
    const huge = { ...spec, model: { ...spec.model, baseWidth: 128, depth: 6 } };
    const message = expect.stringMatching(/Cannot train 4 networks of \d+ parameters.*Lower model.baseWidth/);
    await expect(
      trainFold(request({ spec: huge, items: { ...squares(1), height: 32, width: 32 } }), hooks()),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', message });
  });
});

describe('trainFold() on a device whose memory does not hold a batch', () => {
  const halved = async (changes: Partial<FoldRequest> = {}) => {
    const { engine: small } = withSmallMemory(engine, 2);
    const told: number[] = [];
    const fold = await trainFold(request({ engine: small, ...changes }), hooks({ onBatchHalved: (n) => told.push(n) }));
    return { fold, told };
  };

  it('halves its batches once for the trunk and all forks, and comes to the same result within rounding', async () => {
    const undisturbed = await trainFold(request(), hooks());
    const { fold, told } = await halved();
    expect(told).toEqual([2]);
    expect([undisturbed.batchParts, fold.batchParts]).toEqual([1, 2]);
    expect(fold.members.map(({ batchParts }) => batchParts)).toEqual([2, 2]);
    expect(fold.trunkCurve.map(({ step }) => step)).toEqual(undisturbed.trunkCurve.map(({ step }) => step));
    fold.members.forEach(({ curve }, i) =>
      curve.forEach(({ loss }, k) => expect(loss).toBeCloseTo(undisturbed.members[i]!.curve[k]!.loss, 3)),
    );
  });

  it('halves them for the decoder too, where forks train nothing else', async () => {
    const spec = tinySpec();
    const { told, fold } = await halved({ spec: { ...spec, ensemble: { ...spec.ensemble, forkTrains: 'decoder' } } });
    expect([told, fold.batchParts]).toEqual([[2], 2]);
  });

  it('gives the same bytes twice, from the start or from a checkpoint on a device of more memory', async () => {
    const { fold } = await halved();
    expect((await halved()).fold).toEqual(fold);
    expect(await killAndResume(tinySpec(), 19, withSmallMemory(engine, 2).engine)).toEqual(fold);
  });

  it('begins with as many parts as it is told, of which none is empty', async () => {
    const { fold } = await halved();
    expect(await trainFold(request({ batchParts: 2 }), hooks())).toEqual(fold);
    expect((await trainFold(request({ batchParts: 64 }), hooks())).batchParts).toBe(4);
  });

  it('ends with OUT_OF_MEMORY, naming the fold, when it does not hold an image', async () => {
    const { engine: none, ...memory } = withSmallMemory(engine, 0);
    await expect(trainFold(request({ engine: none }), hooks())).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringContaining('train fold 0'),
    });
    expect(memory.alive).toBe(0);
  });
});
