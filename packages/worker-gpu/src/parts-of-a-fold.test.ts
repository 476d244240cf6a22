import { ProbityError } from '@probity/core/errors';
import type { JobProgress } from '@probity/core/schemas/campaign-state';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { trainedFoldSchema, trainedTrunkSchema } from '@probity/core/schemas/trained-networks';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import type { Engine } from '@probity/training/engine/engine';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { foldSteps } from '@probity/training/train-fold';
import { withSmallMemory } from '@probity/training/testing/small-memory';
import { beforeAll, describe, expect, it } from 'vitest';
import { readJson } from './activities/once.js';
import { trainFoldJob } from './jobs/train-fold-job.js';
import { directContext, trainedBy } from './testing/direct-context.js';
import { keysOf, runFold, runRound, type FoldOutcome, type RoundOutcome } from './testing/run-round.js';
import { importSquares } from './testing/squares-dataset.js';
import { tinySpec } from './testing/tiny-spec.js';

const spec = tinySpec();
const squares = { groupCount: 8, itemsPerGroup: 3 };
const { trunk: trunkSteps, fork: forkSteps } = foldSteps(spec);

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

const contextOf = (store: MemoryArtifactStore) => directContext(store, engine);

async function firstRound(store = new MemoryArtifactStore()): Promise<RoundOutcome> {
  const dataset = await importSquares(store, squares);
  return runRound({ spec, dataset, round: 0 }, contextOf(store));
}

const stepsRunIn = ({ parts }: FoldOutcome): number => parts.reduce((sum, { stepsRun }) => sum + stepsRun, 0);
const foldZero = ({ opened: { plan }, prepared: { packs } }: RoundOutcome) => ({
  campaignId: 'c1',
  spec,
  round: 0,
  fold: 0,
  restart: 0,
  plan,
  packs,
});

describe('the parts of a fold', () => {
  const store = new MemoryArtifactStore();
  let first: RoundOutcome;
  beforeAll(async () => {
    first = await firstRound(store);
  });

  it('are trained each once and whole, and leave no checkpoint behind', async () => {
    for (const { parts } of first.trained)
      expect(parts.map(({ stepsRun }) => stepsRun)).toEqual([trunkSteps, forkSteps, forkSteps, forkSteps]);
    expect(await keysOf(store, 'checkpoints/')).toEqual([]);
  });

  it('are not trained again once they are finished, when a fold is cut off, and come to the same bytes', async () => {
    const cut = new MemoryArtifactStore();
    let memberResults = 0;
    cut.beforePut = (key) => {
      const isSecondMember =
        key.startsWith('results/train-member/') && key.endsWith('result.json') && ++memberResults === 2;
      if (isSecondMember) throw new ProbityError('STORE_UNAVAILABLE', 'Cannot put: it is away');
    };
    await expect(firstRound(cut)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await keysOf(cut, 'results/train-member/')).filter((key) => key.endsWith('result.json'))).toHaveLength(1);

    const resumed = await firstRound(cut);
    // The trunk and the first member are there; of the second the last checkpoint holds every step.
    expect(resumed.trained.map(stepsRunIn)).toEqual([forkSteps, trunkSteps + 3 * forkSteps]);
    expect(resumed.published.version).toEqual(first.published.version);
  });

  it('say in the log and in the fold that the memory did not hold a batch, also where another attempt ends the fold', async () => {
    const scarce = new MemoryArtifactStore();
    const dataset = await importSquares(scarce, squares);
    const said: string[] = [];
    const { engine: small } = withSmallMemory(engine, 2);
    const log = (sentence: string) => void said.push(sentence);
    scarce.beforePut = (key) => {
      if (key.startsWith('results/gather-fold/')) throw new ProbityError('STORE_UNAVAILABLE', 'Cannot put: it is away');
    };
    const context = { ...contextOf(scarce), engine: small, ...trainedBy(small), log };
    await expect(runRound({ spec, dataset, round: 0 }, context)).rejects.toMatchObject({ type: 'STORE_UNAVAILABLE' });
    expect(said).toEqual([
      'Round 0, fold 0, trunk: the memory does not hold a batch of 4 images; it is cut into 2 parts from now on',
    ]);
    scarce.beforePut = () => undefined;
    const round = await runRound({ spec, dataset, round: 0 }, contextOf(scarce)); // fold 0's members are found, and fold 1 has memory
    const folds = await Promise.all(round.trained.map(({ fold }) => readJson(scarce, fold, trainedFoldSchema)));
    expect(folds.map(({ batchParts }) => batchParts)).toEqual([2, undefined]);
  });

  it('say what they are before they read anything', async () => {
    const told: unknown[] = [];
    const context = { ...contextOf(store), report: (progress: JobProgress) => void told.push(progress) };
    const lost = { ...first.prepared.packs, key: 'packs/lost.json', sha256: '0'.repeat(64) };
    await expect(runFold({ ...foldZero(first), packs: lost }, context)).rejects.toThrow('lost');
    expect(told).toEqual([
      { job: 'train', round: 0, fold: 0, part: 'trunk', done: 0, total: trunkSteps, unit: 'steps', perSecond: 0 },
    ]);
  });

  it('are trained anew where another engine trains, and name it, with the one that could not', async () => {
    const trainBy = (by: Engine) => runFold(foldZero(first), { ...contextOf(store), ...trainedBy(by, 'best') });
    const other = { ...engine, name: 'another' };
    expect(await trainBy(engine)).toMatchObject({ fold: first.trained[0]!.fold });
    const trained = await trainBy(other);
    expect(stepsRunIn(trained)).toBe(trunkSteps + 3 * forkSteps);
    const own = { engine: 'another', passedOver: 'best' };
    expect(await readJson(store, trained.fold, trainedFoldSchema)).toMatchObject({ ...own, members: [own, own, own] });
    const again = await trainBy(other);
    expect([stepsRunIn(again), again.fold]).toEqual([0, trained.fold]);
  });

  it('are found where a campaign asks for a whole fold in one step, and the rest is trained', async () => {
    const request = foldZero(first);
    const all = { stepsTotal: trunkSteps + 3 * forkSteps, memberCount: 3 };
    const found = { ...all, stepsRun: 0, reused: true, fold: first.trained[0]!.fold };
    expect(await trainFoldJob(request, contextOf(store))).toMatchObject(found);
    const anew = await trainFoldJob({ ...request, restart: 1 }, contextOf(store));
    expect(anew).toMatchObject({ ...all, stepsRun: all.stepsTotal, reused: false });
  });

  it('stay what they are where there is one operating point more: one member is trained', async () => {
    const request = foldZero(first);
    const wider = { ...spec, ensemble: { ...spec.ensemble, operatingPoints: [...spec.ensemble.operatingPoints, 5] } };
    const { parts } = await runFold({ ...request, spec: wider }, contextOf(store));
    expect(parts.map(({ stepsRun }) => stepsRun)).toEqual([0, 0, 0, 0, forkSteps]);
  });

  it('name a trunk whose state is lost, instead of training members from nothing', async () => {
    const lossy = new MemoryArtifactStore();
    await importSquares(lossy, squares);
    const { trained } = await firstRound(lossy);
    const trunk = trained[0]!.parts[0] as { trunk: ArtifactRef };
    const { state } = await readJson(lossy, trunk.trunk, trainedTrunkSchema);
    await lossy.delete(state.key);
    const other = { ...spec, ensemble: { ...spec.ensemble, operatingPoints: [5] } };
    await expect(runFold({ ...foldZero(first), spec: other }, contextOf(lossy))).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
      message: expect.stringContaining(state.key),
    });
  });
});
