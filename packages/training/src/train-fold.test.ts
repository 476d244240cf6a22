import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from './engine/engine.js';
import { createOnnxEngine } from './engine/onnx/onnx-engine.js';
import { createCommittee } from './inference/committee.js';
import { createNetwork } from './models/network.js';
import { withSmallMemory } from './testing/small-memory.js';
import { brightOrDark, squares, tinySpec } from './testing/tiny-fold.js';
import { hooks, killedAndResumed, tinyRequest, trainFold } from './testing/tiny-training.js';
import { trainMember, trainTrunk, type FoldRequest } from './train-fold.js';
import type { TrainingHooks, TrainingProgress } from './training-hooks.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

const request = (changes: Partial<FoldRequest> = {}): FoldRequest => tinyRequest(engine, changes);

describe('trainTrunk() and trainMember()', () => {
  it('learns what can be learnt, and members at lower w mark more', async () => {
    const { members } = await trainFold(request());
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
    const { trunk, members } = await trainFold(request({ spec }));
    const { encoderSize } = createNetwork({ model: spec.model, channels: 1, classCount: 2 });
    const [first, second] = members.map(({ weights }) => weights);
    expect(encoderSize).toBeGreaterThan(0);
    expect(first!.slice(0, encoderSize)).toEqual(second!.slice(0, encoderSize));
    const moved = first!.slice(encoderSize).filter((weight, i) => weight !== second![encoderSize + i]);
    expect(moved.length).toBeGreaterThan(0.9 * (first!.length - encoderSize));
    const member = { ...request({ spec }), trunk, operatingPoint: -1 };
    expect(await killedAndResumed((_, told) => trainMember(member, told), 2)).toEqual(members[0]);
  });

  it('gives the same bytes twice', async () => {
    const [first, second] = [await trainFold(request()), await trainFold(request())];
    expect(second).toEqual(first);
  });

  it.each([3, 7])(
    'goes on with a trunk to the very same weights from the checkpoint before step %i',
    async (killedAt) => {
      const undisturbed = await trainTrunk(request(), hooks());
      expect(await killedAndResumed((_, told) => trainTrunk(request(), told), killedAt)).toEqual(undisturbed);
    },
  );

  it.each([1, 4])(
    'goes on with a member to the very same weights from the checkpoint before step %i',
    async (killedAt) => {
      const { trunk, members } = await trainFold(request());
      const member = { ...request(), trunk, operatingPoint: 1 };
      expect(await killedAndResumed((_, told) => trainMember(member, told), killedAt)).toEqual(members[1]);
    },
  );

  it('says how far each part is, from its own first step to its last', async () => {
    const told = new Map<string, string[]>();
    const report = ({ part, done, total }: TrainingProgress) =>
      void told.set(part, [...(told.get(part) ?? []), `${done}/${total}`]);
    await trainFold(request(), hooks({ report }));
    const upTo = (total: number) => Array.from({ length: total }, (_, i) => `${i + 1}/${total}`);
    expect(Object.fromEntries(told)).toEqual({ trunk: upTo(18), 'w=-1': upTo(6), 'w=1': upTo(6) });
  });

  it('ends with TRAINING_DIVERGED, naming fold, part and step, when an image is not a number', async () => {
    const items = squares(12);
    items.images.fill(Number.NaN);
    await expect(trainFold(request({ items }))).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringMatching(/fold 0, trunk.*step 1/),
    });
  });

  it('ends with TRAINING_COLLAPSED, naming fold and part, when every weight has decayed to nothing', async () => {
    const spec = tinySpec();
    const optimiser = { kind: 'sgd', momentum: 0, weightDecay: 1 } as const;
    const training = { ...spec.training, optimiser, learningRate: 1, warmupSteps: 0, gradientNormMax: 1e-9 };
    await expect(trainFold(request({ spec: { ...spec, training } }))).rejects.toMatchObject({
      code: 'TRAINING_COLLAPSED',
      message: expect.stringContaining('fold 0, trunk'),
    });
  });

  it('goes on to the very same curves and weight average when killed between two points of a curve', async () => {
    const spec = tinySpec();
    const weightAverage = { kind: 'exponential', decay: 0.9 } as const;
    const training = { ...spec.training, steps: 210, weightAverage, checkpointEverySteps: 100 };
    const long = request({ spec: { ...spec, training } });
    const undisturbed = await trainTrunk(long, hooks());
    expect(undisturbed.curve.map(({ step }) => step).slice(-3)).toEqual([153, 156, 158]); // 158 steps of trunk
    expect(await killedAndResumed((_, told) => trainTrunk(long, told), 120)).toEqual(undisturbed);
  });

  it('learns classes of whole images', async () => {
    const items = brightOrDark(16);
    const spec = tinySpec();
    const model = { ...spec.model, kind: 'classifier' } as const;
    const training = { ...spec.training, steps: 120, learningRate: 0.01 };
    const { members } = await trainFold(request({ spec: { ...spec, model, training }, items }));
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
      trainFold(request({ spec: huge, items: { ...squares(1), height: 32, width: 32 } })),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', message });
  });
});

describe('trainTrunk() and trainMember() on a device whose memory does not hold a batch', () => {
  const halved = async (changes: Partial<FoldRequest> = {}) => {
    const { engine: small } = withSmallMemory(engine, 2);
    const told: number[] = [];
    const fold = await trainFold(request({ engine: small, ...changes }), hooks({ onBatchHalved: (n) => told.push(n) }));
    return { fold, told };
  };

  it('halves its batches once for the trunk and all forks, and comes to the same result within rounding', async () => {
    const undisturbed = await trainFold(request());
    const { fold, told } = await halved();
    expect(told).toEqual([2]);
    expect([undisturbed, fold].map(({ trunk }) => trunk.batchParts)).toEqual([1, 2]);
    expect(fold.members.map(({ batchParts }) => batchParts)).toEqual([2, 2]);
    expect(fold.trunk.curve.map(({ step }) => step)).toEqual(undisturbed.trunk.curve.map(({ step }) => step));
    fold.members.forEach(({ curve }, i) =>
      curve.forEach(({ loss }, k) => expect(loss).toBeCloseTo(undisturbed.members[i]!.curve[k]!.loss, 3)),
    );
  });

  it('halves them for the decoder too, where forks train nothing else', async () => {
    const spec = tinySpec();
    const { told, fold } = await halved({ spec: { ...spec, ensemble: { ...spec.ensemble, forkTrains: 'decoder' } } });
    expect([told, fold.members.map(({ batchParts }) => batchParts)]).toEqual([[2], [2, 2]]);
  });

  it('gives the same bytes twice, from the start or from a checkpoint on a device of more memory', async () => {
    const { fold } = await halved();
    expect((await halved()).fold).toEqual(fold);
    const small = withSmallMemory(engine, 2).engine;
    const train = (attempt: string, told: TrainingHooks) =>
      trainTrunk(request(attempt === 'first' ? { engine: small } : {}), told);
    expect(await killedAndResumed(train, 7)).toEqual(fold.trunk);
  });

  it('begins with as many parts as it is told, of which none is empty', async () => {
    const { fold } = await halved();
    expect(await trainFold(request({ batchParts: 2 }))).toEqual(fold);
    expect((await trainTrunk(request({ batchParts: 64 }), hooks())).batchParts).toBe(4);
  });

  it('ends with OUT_OF_MEMORY, naming the fold, when it does not hold an image', async () => {
    const { engine: none, ...memory } = withSmallMemory(engine, 0);
    await expect(trainFold(request({ engine: none }))).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringContaining('train fold 0'),
    });
    expect(memory.alive).toBe(0);
  });
});
