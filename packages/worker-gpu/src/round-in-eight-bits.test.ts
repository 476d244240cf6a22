import { outOfFoldSchema, calibrationSchema, sweptShardSchema } from '@probity/core/schemas/round-artifacts';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { directBatchSource } from '@probity/training/augmentation/batch-source';
import type { Engine } from '@probity/training/engine/engine';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { readJson } from './activities/once.js';
import { runRound, type RoundOutcome } from './testing/run-round.js';
import { importSquares } from './testing/squares-dataset.js';
import { tinySpec } from './testing/tiny-spec.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

const specIn = (precision: CampaignSpec['inference']['precision']): CampaignSpec =>
  tinySpec({ inference: { precision, earlyExit: false }, model: { ...tinySpec().model, baseWidth: 8 } });

interface Round {
  readonly store: MemoryArtifactStore;
  readonly outcome: RoundOutcome;
  /** Graphs of many convolutions that were compiled in 8 bits. */
  readonly compiledInEightBits: number;
}

/** Round 0 from import to evaluation, on an engine that counts. */
async function round(spec: CampaignSpec, changes: Partial<Engine> = {}): Promise<Round> {
  const store = new MemoryArtifactStore();
  const dataset = await importSquares(store, { groupCount: 8, itemsPerGroup: 3 });
  let compiledInEightBits = 0;
  const counting: Engine = {
    ...engine,
    compile: (graph, options) => {
      if (options?.ranges) compiledInEightBits++;
      return engine.compile(graph, options);
    },
    ...changes,
  };
  const context = {
    store,
    engine: counting,
    trainingEngine: () => Promise.resolve({ engine: counting }),
    report: () => {},
    log: () => {},
    batchParts: 1,
    createBatches: directBatchSource,
  };
  const outcome = await runRound({ spec, dataset, round: 0 }, context);
  return { store, outcome, compiledInEightBits };
}

const calibrationOf = ({ store, outcome }: Round) => readJson(store, outcome.calibration, calibrationSchema);

describe('a round that asks for 8 bits', () => {
  let asked: Round;
  let plain: Round;
  beforeAll(async () => {
    asked = await round(specIn('int8'));
    plain = await round(specIn('float32'));
  });

  it('predicts out of fold both ways and sweeps in the precision that calibration chose', async ({ skip }) => {
    skip(!(await engine.hasEightBits()), 'this processor adds up 8 bits wrong');
    const { store, outcome } = asked;
    for (const { evidence } of outcome.predicted) {
      const { items, eightBits } = await readJson(store, evidence, outOfFoldSchema);
      expect(eightBits!.items.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
      expect(eightBits!.items).not.toEqual(items);
    }
    const { precision } = await calibrationOf(asked);
    // One committee a fold; then the ensemble that the shards share, and the one that is judged.
    expect(asked.compiledInEightBits).toBe(2 + (precision!.used === 'int8' ? 2 : 0));
  });

  it('trains the very folds of a round in float32', () => {
    const hashes = ({ outcome }: Round) => outcome.trained.map(({ fold }) => fold.key);
    expect(hashes(asked)).toEqual(hashes(plain));
  });

  it('says nothing of precision where nobody asked', async () => {
    expect(plain.compiledInEightBits).toBe(0);
    expect((await calibrationOf(plain)).precision).toBeUndefined();
  });

  it('goes on in float32, and says so, on an engine without 8 bits', async () => {
    const without = await round(specIn('int8'), { hasEightBits: () => Promise.resolve(false) });
    const { precision, ...calibration } = await calibrationOf(without);
    expect(precision).toEqual({ used: 'float32', reason: 'engine-without', differences: [] });
    expect(calibration).toEqual(await calibrationOf(plain));
    expect(without.compiledInEightBits).toBe(0);
    const histograms = async ({ store, outcome }: Round) =>
      Promise.all(
        outcome.swept.map(async ({ predictions }) =>
          (await readJson(store, predictions, sweptShardSchema)).items.map((item) => item.histograms),
        ),
      );
    expect(await histograms(without)).toEqual(await histograms(plain));
  });
});
