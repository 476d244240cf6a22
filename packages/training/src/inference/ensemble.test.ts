import { applyMap } from '@probity/core/calibration/apply-map';
import type { Calibration, ProbabilityMap } from '@probity/core/schemas/round-artifacts';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { initialWeights } from '../models/initial-weights.js';
import { createNetwork } from '../models/network.js';
import { squares, tinySpec } from '../testing/tiny-fold.js';
import { withSmallMemory } from '../testing/small-memory.js';
import { createCommittee } from './committee.js';
import { createEnsemble, type EnsembleModel } from './ensemble.js';
import type { Prediction } from './predictor.js';
import { ImageSizes } from './prepare-images.js';
import { releasedEnsemble, releasedStudent, releaseGraph } from './release-graph.js';
import { createStudent } from './student.js';

const { model } = tinySpec();
const classCount = 3;
const items = squares(3);
const { layout } = createNetwork({ model, channels: 1, classCount });
const committees = [0, 1].map((fold) => [1, 2, 3].map((seed) => initialWeights(layout, seed, fold)));

const votes = (...probabilities: number[]): ProbabilityMap => ({ kind: 'votes', probabilities });
const patterns = (zero: number, ...weights: number[]): ProbabilityMap => ({ kind: 'patterns', weights, zero });

function calibration(combine: Calibration['combine']): Calibration {
  return {
    schemaVersion: 1,
    operatingPoints: [-1, 0, 1],
    combine,
    committees: [
      { fold: 0, maps: [votes(0.02, 0.3, 0.6, 0.9), patterns(0.01, 0.2, 0.3, 0.4)] },
      { fold: 1, maps: [votes(0.1, 0.2, 0.5, 0.8), patterns(0.05, 0.9, 0.3, 0.4)] },
    ],
    shared: [votes(0.05, 0.25, 0.55, 0.85), patterns(0.03, 0.5, 0.3, 0.1)],
    thresholds: [],
    report: [],
  };
}

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

const ensemble = (combine: Calibration['combine']): EnsembleModel => ({
  model,
  input: items,
  classCount,
  committees,
  calibration: calibration(combine),
});

describe('createEnsemble()', () => {
  it('gives what counting votes and applying the maps by hand gives', async () => {
    const { probabilities: prediction } = await predict(ensemble('calibrate-then-average'));
    const expected = new Float64Array(prediction.length);
    for (const [fold, members] of committees.entries()) {
      const committee = await createCommittee({ model, items, classCount, members, batchSize: 2, engine });
      const [first] = await committee.predict(items.images, 1);
      await committee.dispose();
      const pixels = first!.memberClasses.length / members.length;
      for (let pixel = 0; pixel < pixels; pixel++) {
        for (const c of [1, 2]) {
          let pattern = 0;
          for (let member = 0; member < members.length; member++)
            if (first!.memberClasses[member * pixels + pixel] === c) pattern |= 1 << member;
          expected[pixel * 2 + c - 1]! +=
            applyMap(calibration('calibrate-then-average').committees[fold]!.maps[c - 1]!, pattern) / committees.length;
        }
      }
    }
    for (let pixel = 0; pixel < expected.length; pixel += 2) {
      const total = Math.max(1, expected[pixel]! + expected[pixel + 1]!);
      expect(prediction[pixel]).toBeCloseTo(expected[pixel]! / total, 5);
      expect(prediction[pixel + 1]).toBeCloseTo(expected[pixel + 1]! / total, 5);
    }
  });

  it("puts the votes of the softmax averaged over committees through the shared map in the paper's form", async () => {
    const { probabilities, uncalibrated } = await predict(ensemble('average-then-calibrate'));
    const softmax = await Promise.all(committees.map((members) => Promise.all(members.map(softmaxOf))));
    const { shared } = calibration('average-then-calibrate');
    for (let pixel = 0; pixel < probabilities.length / 2; pixel++) {
      const averages = [0, 1, 2].map((member) =>
        [0, 1, 2].map((c) => meanOf(softmax.map((members) => members[member]![pixel * 3 + c]!))),
      );
      const votesHere = averages.map((scores) => scores.indexOf(Math.max(...scores)));
      const patternOf = (c: number) =>
        votesHere.reduce((bits, vote, member) => (vote === c ? bits | (1 << member) : bits), 0);
      const mapped = shared.map((map, i) => applyMap(map, patternOf(i + 1)));
      const total = Math.max(1, mapped[0]! + mapped[1]!);
      for (const i of [0, 1]) {
        expect(probabilities[pixel * 2 + i]).toBeCloseTo(mapped[i]! / total, 5);
        expect(uncalibrated[pixel * 2 + i]).toBeCloseTo(meanOf(averages.map((scores) => scores[i + 1]!)), 5);
      }
    }
  });

  it('says what is before calibration only where it is asked to, and the same of the rest', async () => {
    const request = ensemble('calibrate-then-average');
    const bare = await createEnsemble(request, { engine, batchSize: 2 });
    const [prediction] = await bare.predict(items.images, 1);
    await bare.dispose();
    expect(prediction).toEqual({ probabilities: (await predict(request)).probabilities });
  });

  it('never gives the classes of a pixel more than 1 together', async () => {
    const sure: Calibration = {
      ...calibration('calibrate-then-average'),
      committees: [0, 1].map((fold) => ({ fold, maps: [votes(0.9, 0.9, 0.9, 0.9), votes(0.3, 0.3, 0.3, 0.3)] })),
    };
    const { probabilities } = await predict({ ...ensemble('calibrate-then-average'), calibration: sure });
    expect([...probabilities].slice(0, 2)).toEqual([expect.closeTo(0.75, 5), expect.closeTo(0.25, 5)]);
  });

  it('calibrates the classes of whole images too', async () => {
    const classifier = { ...model, kind: 'classifier' } as const;
    const parameters = createNetwork({ model: classifier, channels: 1, classCount }).layout;
    const networks = [0, 1].map((fold) => [1, 2, 3].map((seed) => initialWeights(parameters, seed, fold)));
    const request = { ...ensemble('calibrate-then-average'), model: classifier, committees: networks };
    const { probabilities } = await predict(request);
    expect(probabilities).toHaveLength(2);
    expect(probabilities.every((p) => p > 0 && p < 1)).toBe(true);
  });

  it('answers for fewer images than a batch, and for more', async () => {
    const whole = await createEnsemble(ensemble('calibrate-then-average'), { engine, batchSize: 8 });
    const small = await createEnsemble(ensemble('calibrate-then-average'), { engine, batchSize: 2 });
    const [a, b] = [await whole.predict(items.images, 3), await small.predict(items.images, 3)];
    await Promise.all([whole.dispose(), small.dispose()]);
    expect(a).toHaveLength(3);
    a.forEach(({ probabilities }, i) =>
      probabilities.forEach((p, pixel) => expect(b[i]!.probabilities[pixel]).toBeCloseTo(p, 5)),
    );
  });
});

describe('predictions on a device whose memory does not hold a batch', () => {
  it.each(['compile', 'run'] as const)('are those of smaller batches: memory fails at %s', async (failsAt) => {
    const memory = withSmallMemory(engine, 1, failsAt);
    const told: number[] = [];
    const onBatchHalved = (images: number) => told.push(images);
    const model = ensemble('calibrate-then-average');
    const fitted = await createEnsemble(model, { engine: memory.engine, batchSize: 4, onBatchHalved });
    const single = await createEnsemble(model, { engine, batchSize: 1 });
    expect(await fitted.predict(items.images, 3)).toEqual(await single.predict(items.images, 3));
    expect(told).toEqual([2, 1]);
    await Promise.all([fitted.dispose(), single.dispose()]);
    expect(memory.alive).toBe(0);
  });

  it('keep what was predicted before memory failed, and go on', async () => {
    const memory = withSmallMemory(engine, 2);
    const whole = await createEnsemble(ensemble('calibrate-then-average'), { engine, batchSize: 2 });
    const fitted = await createEnsemble(ensemble('calibrate-then-average'), { engine: memory.engine, batchSize: 2 });
    const first = await fitted.predict(items.images, 2);
    memory.imagesMax = 1;
    const second = await fitted.predict(items.images, 3);
    expect(first).toEqual(await whole.predict(items.images, 2));
    expect(second).toHaveLength(3);
    second
      .slice(0, 2)
      .forEach(({ probabilities }, i) =>
        probabilities.forEach((p, pixel) => expect(first[i]!.probabilities[pixel]).toBeCloseTo(p, 5)),
      );
    await Promise.all([fitted.dispose(), whole.dispose()]);
  });

  it('are those of single images where memory lacks for a smaller graph too', async () => {
    const compiling = withSmallMemory(engine, 4, 'compile');
    const running = withSmallMemory(compiling.engine, 4);
    const model = ensemble('calibrate-then-average');
    const fitted = await createEnsemble(model, { engine: running.engine, batchSize: 4 });
    running.imagesMax = 2;
    compiling.imagesMax = 1;
    const single = await createEnsemble(model, { engine, batchSize: 1 });
    expect(await fitted.predict(items.images, 3)).toEqual(await single.predict(items.images, 3));
    await Promise.all([fitted.dispose(), single.dispose()]);
    expect([compiling.alive, running.alive]).toEqual([0, 0]);
  });

  it('fail with OUT_OF_MEMORY where not even one image fits, and hold as soon as there is memory again', async () => {
    const memory = withSmallMemory(engine, 0);
    const fitted = await createEnsemble(ensemble('calibrate-then-average'), { engine: memory.engine, batchSize: 2 });
    await expect(fitted.predict(items.images, 2)).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: /Cannot predict with \d+ networks: .*does not hold one image/,
    });
    memory.imagesMax = 2;
    expect(await fitted.predict(items.images, 2)).toHaveLength(2);
    await fitted.dispose();
    expect(memory.alive).toBe(0);
  });
});

describe('releaseGraph()', () => {
  const student = { model, input: items, classCount, weights: committees[1]![2]! };
  it.each([
    [
      'an ensemble',
      releasedEnsemble(ensemble('calibrate-then-average')),
      () => createEnsemble(ensemble('calibrate-then-average'), { engine, batchSize: 1 }),
    ],
    ['a student', releasedStudent(student), () => createStudent(student, { engine, batchSize: 1 })],
  ])('is prepare, predict and restore in one: %s', async (_, released, createStage) => {
    const source = { height: 11, width: 21 };
    const bytes = Uint8Array.from({ length: source.height * source.width }, (_value, i) => (i * 37) % 251);
    const release = await engine.compile(releaseGraph(released, { ...source, batchSize: 1, dtype: 'uint8' }));
    const whole = (await release.run({ image: bytes }))['probabilities'] as Float32Array;
    await release.dispose();

    const sizes = new ImageSizes(engine);
    const prepared = await sizes.prepare(Float32Array.from(bytes), { source, input: { ...items, channels: 1 } });
    const stage = await createStage();
    const [prediction] = await stage.predict(prepared, 1);
    const restored = await sizes.restore(prediction!.probabilities, { from: { ...items, channels: 2 }, to: source });
    await Promise.all([stage.dispose(), sizes.dispose()]);
    expect(whole).toHaveLength(source.height * source.width * 2);
    whole.forEach((p, i) => expect(restored[i]).toBeCloseTo(p, 4));
  });
});

describe('createStudent()', () => {
  it("gives the network's own softmax, the background left out, and nothing uncalibrated", async () => {
    const weights = committees[0]![1]!;
    const student = await createStudent({ model, input: items, classCount, weights }, { engine, batchSize: 2 });
    const predictions = await student.predict(items.images, 3);
    await student.dispose();
    expect(predictions.map(({ uncalibrated }) => uncalibrated)).toEqual([undefined, undefined, undefined]);
    const softmax = await softmaxOf(weights);
    predictions[0]!.probabilities.forEach((p, i) =>
      expect(p).toBeCloseTo(softmax[Math.floor(i / 2) * 3 + 1 + (i % 2)]!, 5),
    );
  });
});

async function predict(request: EnsembleModel): Promise<Required<Prediction>> {
  const made = await createEnsemble(request, { engine, batchSize: 2, withUncalibrated: true });
  const [first] = await made.predict(items.images, 1);
  await made.dispose();
  return first as Required<Prediction>;
}

/** Softmax of one member for the first image, shape (pixels, classes). */
async function softmaxOf(weights: Float32Array): Promise<Float32Array> {
  const alone = await createCommittee({ model, items, classCount, members: [weights], batchSize: 1, engine });
  const [first] = await alone.predict(items.images, 1);
  await alone.dispose();
  return first!.meanScores;
}

const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
