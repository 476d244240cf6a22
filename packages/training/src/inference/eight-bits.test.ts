import type { Calibration, ProbabilityMap } from '@probity/core/schemas/round-artifacts';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { initialWeights } from '../models/initial-weights.js';
import { createNetwork } from '../models/network.js';
import { squares, tinySpec } from '../testing/tiny-fold.js';
import { createCommittee, type CommitteePrediction } from './committee.js';
import { measureRanges } from './committee-ranges.js';
import { createEnsemble } from './ensemble.js';

const model = { ...tinySpec().model, baseWidth: 8 };
const classCount = 2;
const items = squares(5);
const network = createNetwork({ model, channels: 1, classCount });
/** Members of a fold share the trunk's encoder, as forks that trained the decoder only have it. */
const committees = [0, 1].map((fold) => {
  const trunk = initialWeights(network.layout, 9, fold);
  return [1, 2].map((seed) =>
    initialWeights(network.layout, seed, fold).map((weight, i) => (i < network.encoderSize ? trunk[i]! : weight)),
  );
});

let engine: Engine;
let hasEightBits: boolean;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
  hasEightBits = await engine.hasEightBits();
  if (!hasEightBits) console.warn('Not tested: predictions in 8 bits, which this processor adds up wrong');
});

const request = (members: readonly Float32Array[]) => ({ model, items, classCount, members, batchSize: 2, engine });

async function predict(
  members: readonly Float32Array[],
  ranges?: Awaited<ReturnType<typeof measureRanges>>,
): Promise<CommitteePrediction[]> {
  const committee = await createCommittee({ ...request(members), ...(ranges && { ranges }) });
  const predictions = await committee.predict(items.images, items.ids.length);
  await committee.dispose();
  return predictions;
}

describe('a committee in 8 bits', () => {
  it('has scores near those in float32, and the same ones again', async ({ skip }) => {
    skip(!hasEightBits);
    const [members] = committees;
    const ranges = await measureRanges(request(members!));
    const [inFloat32, inEightBits] = [await predict(members!), await predict(members!, ranges)];
    const differences = inEightBits.flatMap(({ meanScores }, i) =>
      Array.from(meanScores, (score, pixel) => Math.abs(score - inFloat32[i]!.meanScores[pixel]!)),
    );
    expect(Math.max(...differences)).toBeGreaterThan(0);
    expect(differences.reduce((sum, difference) => sum + difference, 0) / differences.length).toBeLessThan(0.02);
    expect(await predict(members!, await measureRanges(request(members!)))).toEqual(inEightBits);
  });

  it('votes in the ensemble as it does alone', async ({ skip }) => {
    skip(!hasEightBits);
    const map: ProbabilityMap = { kind: 'votes', probabilities: [0.1, 0.4, 0.8] };
    const calibration: Calibration = {
      schemaVersion: 1,
      operatingPoints: [-1, 1],
      combine: 'calibrate-then-average',
      committees: [0, 1].map((fold) => ({ fold, maps: [map] })),
      shared: [map],
      thresholds: [],
      report: [],
    };
    const ranges = await Promise.all(committees.map((members) => measureRanges(request(members))));
    const ensemble = await createEnsemble(
      { model, input: items, classCount, committees, calibration },
      { engine, batchSize: 2, ranges: ranges.flat() },
    );
    const found = await ensemble.predict(items.images, items.ids.length);
    await ensemble.dispose();

    const alone = await Promise.all(committees.map((members, i) => predict(members, ranges[i])));
    const pixels = found[0]!.probabilities.length;
    const expected = found.map((_, item) =>
      Array.from({ length: pixels }, (__, pixel) => {
        const votes = alone.map(
          (predictions) => predictions[item]!.memberClasses[pixel]! + predictions[item]!.memberClasses[pixels + pixel]!,
        );
        return votes.reduce((sum, count) => sum + map.probabilities[count]!, 0) / votes.length;
      }),
    );
    expect(new Set(expected.flat()).size).toBeGreaterThan(1);
    found.forEach(({ probabilities }, item) =>
      expect(Array.from(probabilities)).toEqual(expected[item]!.map((value) => expect.closeTo(value, 6))),
    );
  });

  it('has the same ranges whatever the size of a batch', async () => {
    const [members] = committees;
    const inBatchesOf = (batchSize: number) => measureRanges({ ...request(members!), batchSize });
    const ofOne = await inBatchesOf(1);
    expect(ofOne.length).toBeGreaterThan(0);
    for (const batchSize of [2, 8]) {
      const found = await inBatchesOf(batchSize);
      found.forEach(({ outputMax }, i) =>
        expect(outputMax).toEqual(ofOne[i]!.outputMax.map((value) => expect.closeTo(value, 4))),
      );
    }
  });

  it('cannot take the ranges of another committee', async ({ skip }) => {
    skip(!hasEightBits);
    const ranges = await measureRanges(request(committees[0]!));
    await expect(predict(committees[0]!, ranges.slice(1))).rejects.toMatchObject({ code: 'TRACE_INVALID' });
  });
});

it('is refused by an engine that adds up wrong', async ({ skip }) => {
  skip(hasEightBits);
  const ranges = await measureRanges(request(committees[0]!));
  await expect(predict(committees[0]!, ranges)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
});
