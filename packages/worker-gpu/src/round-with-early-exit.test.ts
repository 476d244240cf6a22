import { calibrationSchema, sweptShardSchema, type SweptShard } from '@probity/core/schemas/round-artifacts';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { directBatchSource } from '@probity/training/augmentation/batch-source';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { readJson } from './activities/once.js';
import { runRound, type RoundOutcome } from './testing/run-round.js';
import { importSquares } from './testing/squares-dataset.js';
import { tinySpec } from './testing/tiny-spec.js';

const operatingPoints = [-3, -2, -1, 0, 1, 2, 3];

/** Whether there is a square: most images leave no doubt. */
function specWith(earlyExit: boolean, changes: Partial<CampaignSpec> = {}): CampaignSpec {
  const tiny = tinySpec();
  return tinySpec({
    task: 'classification',
    model: { kind: 'classifier', baseWidth: 4, depth: 3, normalisation: 'instance' },
    training: { ...tiny.training, steps: 120 },
    ensemble: { ...tiny.ensemble, operatingPoints },
    inference: { precision: 'float32', earlyExit },
    selection: { ...tiny.selection, emptyItems: 'accept' },
    ...changes,
  });
}

interface Round {
  readonly store: MemoryArtifactStore;
  readonly outcome: RoundOutcome;
  readonly log: readonly string[];
}

async function round(spec: CampaignSpec): Promise<Round> {
  const store = new MemoryArtifactStore();
  const dataset = await importSquares(store, { groupCount: 8, itemsPerGroup: 6, task: spec.task });
  const engine = await createOnnxEngine({ threads: 1 });
  const log: string[] = [];
  const outcome = await runRound(
    { spec, dataset, round: 0 },
    {
      store,
      engine,
      trainingEngine: () => Promise.resolve({ engine }),
      report: () => {},
      log: (line) => log.push(line),
      batchParts: 1,
      createBatches: directBatchSource,
    },
  );
  return { store, outcome, log };
}

const calibrationOf = ({ store, outcome }: Round) => readJson(store, outcome.calibration, calibrationSchema);
const shardsOf = ({ store, outcome }: Round): Promise<SweptShard[]> =>
  Promise.all(outcome.swept.map(({ predictions }) => readJson(store, predictions, sweptShardSchema)));

describe('a round that asks for an early exit', () => {
  let asked: Round;
  let plain: Round;
  beforeAll(async () => {
    asked = await round(specWith(true));
    plain = await round(specWith(false));
  });

  it('lets images leave behind the first members and gives them the probabilities of all', async () => {
    expect((await calibrationOf(asked)).earlyExit).toMatchObject({ used: true });
    const [found, expected] = [await shardsOf(asked), await shardsOf(plain)];
    expect(asked.outcome.swept.reduce((sum, { leftEarlyCount }) => sum + leftEarlyCount!, 0)).toBeGreaterThan(0);
    const histograms = (shards: readonly SweptShard[]) =>
      shards.map(({ items }) => items.map(({ id, histograms }) => [id, histograms]));
    expect(histograms(found)).toEqual(histograms(expected));
    expect(asked.log.filter((line) => line.includes('left early'))).toHaveLength(found.length);
  });

  it('trains the very folds of a round without one', () => {
    const keys = ({ outcome }: Round) => outcome.trained.map(({ fold }) => fold.key);
    expect(keys(asked)).toEqual(keys(plain));
  });

  it('says nothing of it where nobody asked', async () => {
    expect((await calibrationOf(plain)).earlyExit).toBeUndefined();
    expect(plain.outcome.swept.every(({ leftEarlyCount }) => leftEarlyCount === undefined)).toBe(true);
    expect(plain.log.filter((line) => line.includes('left early'))).toEqual([]);
  });
});

it('is not taken where every image has an outline, and the sweep is as without it', async () => {
  const { model, training, ensemble } = tinySpec();
  const segments = { task: 'segmentation', model, training, ensemble } as const;
  const [asked, plain] = [await round(specWith(true, segments)), await round(specWith(false, segments))];
  const { earlyExit, ...calibration } = await calibrationOf(asked);
  expect(earlyExit).toMatchObject({ used: false, reason: 'saves-little' });
  expect(calibration).toEqual(await calibrationOf(plain));
  expect(asked.outcome.swept.every(({ leftEarlyCount }) => leftEarlyCount === 0)).toBe(true);
});
