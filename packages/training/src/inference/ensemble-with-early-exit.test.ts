import type { Calibration, ProbabilityMap } from '@probity/core/schemas/round-artifacts';
import { createRandom } from '@probity/core/numerics/random';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { initialWeights } from '../models/initial-weights.js';
import { createNetwork } from '../models/network.js';
import { withSmallMemory } from '../testing/small-memory.js';
import { tinySpec } from '../testing/tiny-fold.js';
import { createEnsemble, type EnsembleModel } from './ensemble.js';
import { createEnsembleWithEarlyExit } from './ensemble-with-early-exit.js';

const SIZE = 16;
const COUNT = 11;
const operatingPoints = [1, -1, 0]; // the ends need not stand at the ends

/** Noise that grows from image to image: of the first ones the members are in doubt. */
const images = Float32Array.from({ length: COUNT * SIZE * SIZE }, (_, i) => {
  const image = Math.floor(i / (SIZE * SIZE));
  return createRandom('exit', i).normal() * 0.2 * (image + 1);
});

/** Networks that differ in the bias of class 1 alone, so that their votes nest, as those of an operating point do. */
function nested(model: EnsembleModel['model'], scale: number): Float32Array[] {
  const { layout } = createNetwork({ model, channels: 1, classCount: 2 });
  const bias = layout.parameters.find(({ name }) => name === 'head/bias')!;
  const trunk = initialWeights(layout, 3, 0).map((weight) => weight * scale);
  return operatingPoints.map((w) => trunk.map((weight, i) => (i === bias.offset + 1 ? weight + 2 * w : weight)));
}

const votes = (...probabilities: number[]): ProbabilityMap => ({ kind: 'votes', probabilities });
const patterns = (zero: number, ...weights: number[]): ProbabilityMap => ({ kind: 'patterns', weights, zero });

function ensemble(model: EnsembleModel['model'], combine: Calibration['combine']): EnsembleModel {
  const calibration: Calibration = {
    schemaVersion: 1,
    operatingPoints,
    combine,
    committees: [
      { fold: 0, maps: [votes(0.02, 0.3, 0.6, 0.9)] },
      { fold: 1, maps: [patterns(0.05, 0.2, 0.3, 0.4)] },
    ],
    shared: [votes(0.05, 0.25, 0.55, 0.85)],
    thresholds: [],
    report: [],
  };
  const committees = [1, 1.1].map((scale) => nested(model, scale));
  return { model, input: { height: SIZE, width: SIZE, channels: 1 }, classCount: 2, committees, calibration };
}

/** Without norms, so that what is faint leaves doubt. */
const unet = { ...tinySpec().model, kind: 'unet', normalisation: 'none' } as const;
const classifier = { ...unet, kind: 'classifier' } as const;

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

describe('createEnsembleWithEarlyExit()', () => {
  it.each([
    ['a classifier', classifier, 'calibrate-then-average'],
    ['a classifier', classifier, 'average-then-calibrate'],
    ['a U-Net', unet, 'calibrate-then-average'],
  ] as const)('gives what the whole ensemble gives: %s, %s %s', async (_, model, combine) => {
    const request = ensemble(model, combine);
    const whole = await createEnsemble(request, { engine, batchSize: 4 });
    const expected = await whole.predict(images, COUNT);
    const seen: number[] = [];
    const early = await createEnsembleWithEarlyExit(request, { engine: countingImages(seen), batchSize: 4 });
    const found = await early.predict(images, COUNT);
    expect(found).toHaveLength(COUNT);
    found.forEach(({ probabilities }, i) => {
      expect(probabilities).toHaveLength(expected[i]!.probabilities.length);
      probabilities.forEach((p, pixel) => expect(p).toBeCloseTo(expected[i]!.probabilities[pixel]!, 5));
    });
    if (model.kind === 'classifier') {
      const left = found.filter(({ leftEarly }) => leftEarly).length;
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(COUNT);
      // Three batches of the extremes; those which stay, of all three, in as few as hold them.
      expect(seen).toHaveLength(3 + Math.ceil((COUNT - left) / 4));
    }
    await Promise.all([whole.dispose(), early.dispose()]);
  });

  it('takes fewer images at a time where memory lacks', async () => {
    const request = ensemble(classifier, 'calibrate-then-average');
    const memory = withSmallMemory(engine, 4);
    const fitted = await createEnsembleWithEarlyExit(request, { engine: memory.engine, batchSize: 4 });
    memory.imagesMax = 1;
    const whole = await createEnsemble(request, { engine, batchSize: 4 });
    const [found, expected] = [await fitted.predict(images, COUNT), await whole.predict(images, COUNT)];
    found.forEach(({ probabilities }, i) => expect(probabilities[0]).toBeCloseTo(expected[i]!.probabilities[0]!, 5));
    await Promise.all([fitted.dispose(), whole.dispose()]);
    expect(memory.alive).toBe(0);
  });
});

/** Notes the batches that it runs. */
function countingImages(seen: number[]): Engine {
  return {
    ...engine,
    compile: async (graph, options) => {
      const executable = await engine.compile(graph, options);
      return {
        run: (feeds) => {
          seen.push(feeds['images']!.length);
          return executable.run(feeds);
        },
        dispose: () => executable.dispose(),
      };
    },
  };
}
