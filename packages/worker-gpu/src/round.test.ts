import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { datasetVersionSchema } from '@probity/core/schemas/dataset-version';
import { evaluationSchema, sweptShardSchema } from '@probity/core/schemas/round-artifacts';
import { trainedFoldSchema } from '@probity/core/schemas/trained-networks';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import type { Engine } from '@probity/training/engine/engine';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { keepTraining } from '@probity/training/kept-training';
import { withSmallMemory } from '@probity/training/testing/small-memory';
import { beforeAll, describe, expect, it } from 'vitest';
import { readJson } from './activities/once.js';
import { runJob } from './jobs/run-job.js';
import { directContext, trainedBy } from './testing/direct-context.js';
import { keysOf, runRound, type RoundOutcome } from './testing/run-round.js';
import { importSquares } from './testing/squares-dataset.js';
import { tinySpec } from './testing/tiny-spec.js';

const spec = tinySpec();
const squares = { groupCount: 8, itemsPerGroup: 3 };

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

const contextOf = (store: MemoryArtifactStore) => directContext(store, engine);

async function firstRound(store = new MemoryArtifactStore()): Promise<RoundOutcome> {
  return roundZero(store, await importSquares(store, squares));
}

const roundZero = (store: MemoryArtifactStore, dataset: ArtifactRef): Promise<RoundOutcome> =>
  runRound({ spec, dataset, round: 0 }, contextOf(store));

describe('the steps of a round', () => {
  const store = new MemoryArtifactStore();
  let first: RoundOutcome;
  beforeAll(async () => {
    first = await firstRound(store);
  });

  it('teach a network that finds the squares of the test set', async () => {
    const evaluation = await readJson(store, first.evaluated.evaluation, evaluationSchema);
    expect(evaluation.score.value).toBeGreaterThan(0.6);
    expect(evaluation.difference).toBeUndefined();
    expect(Object.keys(evaluation.metrics)).toEqual([
      'dice:square',
      'hausdorff95:square',
      'iou:square',
      'surface-distance:square',
    ]);
    expect(evaluation.items).toHaveLength(first.opened.testCount);
  });

  it('judge with the threads of all slots: a campaign has no other job then', async () => {
    const alone = new MemoryArtifactStore();
    const given: (number | undefined)[] = [];
    const noting: Engine = {
      ...engine,
      compile: (graph, options) => {
        given.push(options?.threads);
        return engine.compile(graph, options);
      },
    };
    const context = { ...contextOf(alone), engine: noting, allThreads: 3 };
    const dataset = await importSquares(alone, squares);
    const { evaluated } = await runRound({ spec, dataset, round: 0 }, context);
    expect(given.filter((threads) => threads !== undefined)).toEqual([3]); // the ensemble that is judged
    const [found, expected] = await Promise.all([
      readJson(alone, evaluated.evaluation, evaluationSchema),
      readJson(store, first.evaluated.evaluation, evaluationSchema),
    ]);
    expect(found.items).toEqual(expected.items);
  });

  it('publish labels of people as they are, and of the pool only what was accepted', async () => {
    const version = await readJson(store, first.published.version, datasetVersionSchema);
    const origins = version.items.map(({ role, label }) => `${role} ${label?.origin}`);
    expect(new Set(origins)).toEqual(new Set(['labelled human', 'test human', 'pool machine']));
    const accepted = first.selected.reduce((sum, { acceptedCount }) => sum + acceptedCount, 0);
    expect(accepted).toBeGreaterThan(0);
    expect(origins.filter((origin) => origin === 'pool machine')).toHaveLength(accepted);
  });

  it('answer a second time without computing, and alike', async () => {
    const before = await keysOf(store, '');
    const again = await firstRound(store);
    const answers = [
      again.opened,
      again.prepared,
      ...again.trained.flatMap(({ parts }) => parts),
      ...again.swept,
      ...again.selected,
      again.published,
      again.evaluated,
    ];
    expect(answers.filter(({ reused }) => !reused)).toEqual([]);
    expect(again.trained.map(({ fold }) => fold)).toEqual(first.trained.map(({ fold }) => fold));
    expect(again.published.version).toEqual(first.published.version);
    expect(await keysOf(store, '')).toEqual(before);
  });

  it('come to the same bytes in another store', async () => {
    const elsewhere = await firstRound();
    expect(elsewhere.published.version).toEqual(first.published.version);
    expect(elsewhere.evaluated.evaluation).toEqual(first.evaluated.evaluation);
  });

  it('come to the same bytes where trainings keep their step, which other jobs let go', async () => {
    const elsewhere = new MemoryArtifactStore();
    const memory = withSmallMemory(engine, Number.POSITIVE_INFINITY);
    const kept = keepTraining();
    const aliveBehind: number[] = [];
    const drop = async () => {
      await kept.drop();
      aliveBehind.push(memory.alive);
    };
    const context = { ...contextOf(elsewhere), ...trainedBy(memory.engine), keptTraining: { ...kept, drop } };
    const dataset = await importSquares(elsewhere, squares);
    const { published } = await runRound({ spec, dataset, round: 0 }, context);
    expect(published.version).toEqual(first.published.version);
    expect([aliveBehind.length > 0, ...new Set(aliveBehind)]).toEqual([true, 0]);
  });

  it('come to the same bytes in whatever order the files arrive', async () => {
    const late = new MemoryArtifactStore();
    const { get } = late;
    let reads = 0;
    late.get = async (ref) => {
      const turn = reads++ % 4;
      await new Promise((resolve) => setTimeout(resolve, 3 - turn)); // of four reads that begin together the last is first
      return get.call(late, ref);
    };
    const elsewhere = await firstRound(late);
    expect(elsewhere.published.version).toEqual(first.published.version);
    expect(elsewhere.evaluated.evaluation).toEqual(first.evaluated.evaluation);
  });

  it('train the next round on what this one published, and compare it with this one', async () => {
    const next = await runRound(
      {
        spec,
        dataset: await importSquares(store, squares),
        round: 1,
        version: first.published.version,
        control: first.evaluated.evaluation,
      },
      contextOf(store),
    );
    expect(next.prepared.humanCount).toBe(first.prepared.humanCount);
    expect(next.prepared.machineCount).toBe(first.selected.reduce((sum, { acceptedCount }) => sum + acceptedCount, 0));
    expect(next.evaluated.difference).toBeDefined();
    expect(next.published.version.sha256).not.toBe(first.published.version.sha256);
  });

  it('name the weights that another network wrote, instead of predicting with them', async () => {
    const { opened, prepared, trained } = first;
    const { members } = await readJson(store, trained[0]!.fold, trainedFoldSchema);
    const wider = { ...spec, model: { ...spec.model, baseWidth: 2 * spec.model.baseWidth } };
    const request = { campaignId: 'c1', spec: wider, round: 0, fold: 0, plan: opened.plan, packs: prepared.packs };
    await expect(
      runJob({ kind: 'predict', request: { ...request, model: trained[0]!.fold } }, contextOf(store)),
    ).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringMatching(
        /^Cannot read weights ".*": \d+ bytes, where the network's \d+ parameters take \d+/,
      ),
      details: { key: members[0]!.weights.key },
    });
  });

  it('set aside an image of the pool that is lost, with its reason, and go on', async () => {
    const damaged = new MemoryArtifactStore();
    const dataset = await importSquares(damaged, squares);
    const { items } = await readJson(damaged, dataset, datasetVersionSchema);
    const version = await readJson(store, first.published.version, datasetVersionSchema);
    const lost = version.items.find(({ role }) => role === 'pool')!.id;
    await damaged.delete(items.find(({ id }) => id === lost)!.image.key);
    const round = await roundZero(damaged, dataset);
    const shards = await Promise.all(
      round.swept.map(({ predictions }) => readJson(damaged, predictions, sweptShardSchema)),
    );
    expect(shards.flatMap(({ setAside }) => setAside)).toEqual([
      { id: lost, reason: expect.stringContaining('Cannot read') },
    ]);
    const published = await readJson(damaged, round.published.version, datasetVersionSchema);
    expect(published.setAside.map(({ id }) => id)).toEqual([lost]);
  });
});

describe('the steps of a round of classification', () => {
  it('learn whether there is a square, and label the pool', async () => {
    const store = new MemoryArtifactStore();
    const dataset = await importSquares(store, { ...squares, itemsPerGroup: 4, task: 'classification' });
    const classifies = tinySpec({
      task: 'classification',
      model: { kind: 'classifier', baseWidth: 4, depth: 3, normalisation: 'instance' },
      selection: { ...spec.selection, emptyItems: 'accept' },
    });
    const round = await runRound({ spec: classifies, dataset, round: 0 }, contextOf(store));
    const evaluation = await readJson(store, round.evaluated.evaluation, evaluationSchema);
    expect(evaluation.score.value).toBeGreaterThan(0.7);
    expect(Object.keys(evaluation.metrics)).toEqual(['accuracy']);
    const version = await readJson(store, round.published.version, datasetVersionSchema);
    const truth = new Map(
      (await readJson(store, dataset, datasetVersionSchema)).items.map(({ id, label }) => [id, label]),
    );
    const machine = version.items.filter(({ label }) => label?.origin === 'machine');
    expect(machine.length).toBeGreaterThan(0);
    const right = machine.filter(({ id, label }) => {
      const known = truth.get(id);
      return known?.kind === 'class' && label?.kind === 'class' && known.classIndex === label.classIndex;
    });
    expect(right.length / machine.length).toBeGreaterThan(0.7);
  });
});
