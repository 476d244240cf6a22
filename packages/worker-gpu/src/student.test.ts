import { campaignStudentKey } from '@probity/core/artifacts/keys';
import { ProbityError } from '@probity/core/errors';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { datasetVersionSchema } from '@probity/core/schemas/dataset-version';
import { campaignPlanSchema, evaluationSchema, type Evaluation } from '@probity/core/schemas/round-artifacts';
import { trainedStudentSchema } from '@probity/core/schemas/trained-networks';
import { decodeImage } from '@probity/datasets/images/decode-image';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import type { Engine } from '@probity/training/engine/engine';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { loadLibrary } from '@probity/training/engine/onnx/onnx-library';
import { ImageSizes } from '@probity/training/inference/prepare-images';
import { createStudent } from '@probity/training/inference/student';
import { beforeAll, describe, expect, it } from 'vitest';
import { readJson } from './activities/once.js';
import { directContext } from './testing/direct-context.js';
import { parameterCountOf, readWeights } from './jobs/trained-weights.js';
import { prepareImage } from './jobs/prepared-image.js';
import {
  campaignId,
  keysOf,
  runRound,
  runStudent,
  type RoundOutcome,
  type StudentOutcome,
} from './testing/run-round.js';
import { importSquares } from './testing/squares-dataset.js';
import { tinySpec } from './testing/tiny-spec.js';

const { model, training } = tinySpec();
const student = { steps: 120, model };
const spec = tinySpec({ student });
const squares = { groupCount: 8, itemsPerGroup: 3 };

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

const contextOf = (store: MemoryArtifactStore) => directContext(store, engine);

const roundOf = (store: MemoryArtifactStore, dataset: ArtifactRef): Promise<RoundOutcome> =>
  runRound({ spec, dataset, round: 0 }, contextOf(store));

const studentOf = (store: MemoryArtifactStore, outcome: RoundOutcome): Promise<StudentOutcome> =>
  runStudent({ spec, round: 0, outcome }, contextOf(store));

/** What the runtime alone makes of an image of 32 × 32 grey pixels. */
async function runFile(file: Uint8Array, pixels: Uint8Array) {
  const { InferenceSession, Tensor } = await loadLibrary();
  const session = await InferenceSession.create(file);
  const { probabilities } = await session.run({ image: new Tensor('uint8', pixels, [1, 32, 32, 1]) });
  await session.release();
  return probabilities!;
}

describe('the student of a round', () => {
  const store = new MemoryArtifactStore();
  let round: RoundOutcome;
  let first: StudentOutcome;
  beforeAll(async () => {
    round = await roundOf(store, await importSquares(store, squares));
    first = await studentOf(store, round);
  });

  const evaluationOf = (ref: ArtifactRef) => readJson(store, ref, evaluationSchema);

  it("recovers the ensemble's Dice from the labelled items and the pool, and is compared with it group by group", async () => {
    const [ensemble, own] = [
      await evaluationOf(round.evaluated.evaluation),
      await evaluationOf(first.evaluated.evaluation),
    ];
    expect(own.score.value).toBeGreaterThan(ensemble.score.value - 0.05);
    expect(own.difference!.value).toBeCloseTo(own.score.value - ensemble.score.value, 10);
    expect(first.evaluated.difference).toEqual(own.difference);
    expect(Object.keys(own.metrics)).toEqual(Object.keys(ensemble.metrics));
    expect(own.items.map(({ id }) => id)).toEqual(ensemble.items.map(({ id }) => id));
  });

  it('has its own calibration measured, on all pixels of the test set, and nothing before it', async () => {
    const [ensemble, own] = [
      await evaluationOf(round.evaluated.evaluation),
      await evaluationOf(first.evaluated.evaluation),
    ];
    expect(own.calibrationBefore).toEqual([]);
    expect(own.calibrationAfter).toHaveLength(1);
    const pixels = ({ calibrationAfter }: Evaluation) =>
      calibrationAfter[0]!.bins.reduce((sum, { count }) => sum + count, 0);
    expect(pixels(own)).toBe(pixels(ensemble));
    expect(own.calibrationAfter[0]!.brier.value).toBeLessThan(0.05);
  });

  it('is one file that any runtime takes: the bytes of an image in, probabilities out', async () => {
    const record = await readJson(store, first.trained.student, trainedStudentSchema);
    expect(record).toMatchObject({
      image: { height: 32, width: 32, channels: 1, dtype: 'uint8' },
      classes: ['background', 'square'],
    });
    const named = await store.find(campaignStudentKey({ datasetName: 'squares', campaignId }, 'onnx'));
    expect(named!.sha256).toBe(record.onnx.sha256);

    const { items } = await readJson(store, await importSquares(store, squares), datasetVersionSchema);
    const item = items[0]!;
    const image = await decodeImage(await store.get(item.image), { name: item.id });
    const probabilities = await runFile(await store.get(record.onnx), image.data as Uint8Array);
    expect(probabilities.dims).toEqual([1, 32, 32, 1]);

    const parameterCount = parameterCountOf({ model: record.model, input: spec.input }, 2);
    const weights = await readWeights(store, record.weights, parameterCount);
    const network = { model: record.model, input: spec.input, classCount: 2, weights };
    const [predictor, sizes] = [await createStudent(network, { engine, batchSize: 1 }), new ImageSizes(engine)];
    const prepared = await prepareImage(item, { store, sizes, input: spec.input });
    const [expected] = await predictor.predict(prepared, 1);
    await Promise.all([predictor.dispose(), sizes.dispose()]);
    (probabilities.data as Float32Array).forEach((p, i) => expect(expected!.probabilities[i]).toBeCloseTo(p, 5));
  });

  it('is trained once: asked for again it is there, and no checkpoint is left', async () => {
    const before = await keysOf(store, '');
    const again = await studentOf(store, round);
    expect(again).toEqual({
      trained: { ...first.trained, reused: true, stepsRun: 0 },
      evaluated: { ...first.evaluated, reused: true },
    });
    expect(await keysOf(store, '')).toEqual(before);
    expect(await keysOf(store, 'checkpoints/')).toEqual([]);
  });

  it('comes to the same bytes in another store, also after it was cut off', async () => {
    const cut = new MemoryArtifactStore();
    const elsewhere = await roundOf(cut, await importSquares(cut, squares));
    const away = new ProbityError('STORE_UNAVAILABLE', 'Cannot put: it is away');
    let checkpoints = 0;
    cut.beforePut = (key) => {
      if (key.startsWith('checkpoints/') && ++checkpoints === 6) throw away;
    };
    await expect(studentOf(cut, elsewhere)).rejects.toThrow(away);
    const resumed = await studentOf(cut, elsewhere);
    expect(first.trained.stepsRun).toBe(student.steps);
    expect(resumed.trained.stepsRun).toBe(student.steps - 5 * training.checkpointEverySteps);
    expect(resumed.trained.student).toEqual(first.trained.student);
    expect(resumed.trained.onnx).toEqual(first.trained.onnx);
    expect(resumed.evaluated.evaluation).toEqual(first.evaluated.evaluation);
  });

  it('learns from labels alone where the sweep could read nothing of the pool', async () => {
    const poor = new MemoryArtifactStore();
    const dataset = await importSquares(poor, squares);
    const { items } = await readJson(poor, dataset, datasetVersionSchema);
    const plan = await readJson(store, round.opened.plan, campaignPlanSchema);
    const pool = new Set(plan.shards.flat());
    for (const { id, image } of items) if (pool.has(id)) await poor.delete(image.key);
    const emptied = await roundOf(poor, dataset);
    const { trained, evaluated } = await studentOf(poor, emptied);
    expect(trained).toMatchObject({ labelledCount: first.trained.labelledCount, poolCount: 0 });
    expect(evaluated.score.value).toBeGreaterThan(0.5);
  });
});

describe('the student of a round of classification', () => {
  it('learns the probabilities of whole images', async () => {
    const store = new MemoryArtifactStore();
    const dataset = await importSquares(store, { ...squares, itemsPerGroup: 4, task: 'classification' });
    const classifier = { kind: 'classifier', baseWidth: 4, depth: 3, normalisation: 'instance' } as const;
    const classifies = tinySpec({
      task: 'classification',
      model: classifier,
      selection: { ...spec.selection, emptyItems: 'accept' },
      student: { steps: 120, model: { ...classifier, depth: 2 } },
    });
    const outcome = await runRound({ spec: classifies, dataset, round: 0 }, contextOf(store));
    const { trained, evaluated } = await runStudent({ spec: classifies, round: 0, outcome }, contextOf(store));
    expect(evaluated.score.value).toBeGreaterThan(outcome.evaluated.score.value - 0.15);
    const { onnx, model: learnt } = await readJson(store, trained.student, trainedStudentSchema);
    expect(learnt.depth).toBe(2);
    const { dims } = await runFile(await store.get(onnx), new Uint8Array(32 * 32).fill(90));
    expect(dims).toEqual([1, 1, 1, 1]);
  });
});
