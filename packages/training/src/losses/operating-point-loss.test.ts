import { createRandom } from '@probity/core/numerics/random';
import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import type { Scalar, Tensor, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { referenceLoss, type ReferenceInputs } from '../testing/reference-loss.js';
import { lossSums, lossTerms, operatingPointLoss } from './operating-point-loss.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

type Evaluate = (
  inputs: ReferenceInputs,
) => Promise<{ crossEntropy: number; tversky: number; gradient: Float32Array; pull: Float32Array }>;

/** Both terms, the gradient of their sum and that of the cross-entropy alone (`pull`), as the engine computes them. */
async function compiled(pixels: number, classCount: number): Promise<Evaluate> {
  const graph = trace(
    ({ logits, labels, operatingPoint }) => {
      const inputs = (at: Tensor) => ({
        logits: at as Tensor4D,
        labels: labels as Tensor3D,
        operatingPoint: operatingPoint as Tensor1D,
      });
      const termsOf = (at: Tensor) => lossTerms(lossSums(inputs(at)), operatingPoint as Tensor1D);
      return {
        ...termsOf(logits!),
        gradient: tf.grad((at) => operatingPointLoss(inputs(at)))(logits!),
        pull: tf.grad((at) => termsOf(at).crossEntropy as Scalar)(logits!),
      };
    },
    {
      logits: { shape: [1, 1, pixels, classCount], dtype: 'float32' },
      labels: { shape: [1, 1, pixels], dtype: 'int32' },
      operatingPoint: { shape: [classCount - 1], dtype: 'float32' },
    },
  );
  const executable = await engine.compile(graph);
  return async ({ logits, labels, operatingPoint }) => {
    const results = await executable.run({
      logits: Float32Array.from(logits),
      labels: Int32Array.from(labels),
      operatingPoint: Float32Array.from(operatingPoint),
    });
    const vector = (name: string) => results[name] as Float32Array;
    return {
      crossEntropy: vector('crossEntropy')[0]!,
      tversky: vector('tversky')[0]!,
      gradient: vector('gradient'),
      pull: vector('pull'),
    };
  };
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Pixels in groups of 20, of which `p · 20` are foreground; every group has one logit. */
const LEVELS = [0.05, 0.1, 0.3, 0.45, 0.6, 0.75, 0.9, 1];
const SHARE = 20;
const toyLabels = LEVELS.flatMap((p) => Array.from({ length: SHARE }, (_, i) => (i < Math.round(p * SHARE) ? 1 : 0)));
const toyLogits = (perLevel: readonly number[]) =>
  perLevel.flatMap((logit) => Array.from({ length: SHARE }, () => [0, logit]).flat());

describe('operatingPointLoss()', () => {
  it('is what one pixel gives by hand', async () => {
    const evaluate = await compiled(1, 2);
    const pixel = { logits: [0, Math.log(3)], labels: [1] }; // q = 0.75 of the truth
    const even = await evaluate({ ...pixel, operatingPoint: [0] });
    expect(even.crossEntropy).toBeCloseTo(0.287682, 5);
    expect(even.tversky).toBeCloseTo(1 - 0.75001 / 0.87501, 5);
    const precise = await evaluate({ ...pixel, operatingPoint: [1] });
    expect(precise.crossEntropy).toBeCloseTo(0.105832, 5); // e⁻¹ of it
    expect(precise.tversky).toBeCloseTo(1 - 0.75001 / 0.817245, 5); // FN counts 1 − σ(1) = 0.268941
  });

  it('agrees with the formulas in double precision, and its gradient with their differences', async () => {
    const [pixels, classCount] = [24, 3];
    const evaluate = await compiled(pixels, classCount);
    for (let draw = 0; draw < 5; draw++) {
      const random = createRandom('loss', draw);
      const inputs = {
        logits: Array.from({ length: pixels * classCount }, () => Math.fround(2 * random.normal())),
        labels: Array.from({ length: pixels }, () => [0, 1, 2, 255][random.integer(4)]!),
        operatingPoint: [Math.fround(3 * random.normal()), Math.fround(3 * random.normal())],
      };
      const [{ crossEntropy, tversky, gradient }, expected] = [await evaluate(inputs), referenceLoss(inputs)];
      expect(crossEntropy / expected.crossEntropy).toBeCloseTo(1, 4);
      expect(tversky).toBeCloseTo(expected.tversky, 5);
      const sum = (logits: number[]) => {
        const terms = referenceLoss({ ...inputs, logits });
        return terms.crossEntropy + terms.tversky;
      };
      const scale = Math.max(...gradient.map(Math.abs));
      inputs.logits.forEach((value, i) => {
        const difference = (sum(inputs.logits.with(i, value + 1e-5)) - sum(inputs.logits.with(i, value - 1e-5))) / 2e-5;
        expect(gradient[i]! / scale).toBeCloseTo(difference / scale, 4);
      });
    }
  });

  it('leaves ignored pixels out of both terms, whatever they predict', async () => {
    const evaluate = await compiled(4, 2);
    const inputs = { logits: [1, 0, 0, 2, 0, 0, 0, 0], labels: [0, 1, 255, 255], operatingPoint: [-1] };
    const plain = await evaluate(inputs);
    const wild = await evaluate({ ...inputs, logits: [1, 0, 0, 2, 0, 50, 50, 0] });
    expect(wild).toEqual({ ...plain, gradient: plain.gradient, pull: plain.pull });
    expect(plain.gradient.slice(4)).toEqual(Float32Array.of(0, 0, 0, 0));
    const alone = await (await compiled(2, 2))({ logits: [1, 0, 0, 2], labels: [0, 1], operatingPoint: [-1] });
    expect(plain.crossEntropy).toBeCloseTo(alone.crossEntropy, 6);
    expect(plain.tversky).toBeCloseTo(alone.tversky, 6);
  });

  it('is 0 with no gradient where nothing is known', async () => {
    const { crossEntropy, tversky, gradient } = await (
      await compiled(2, 2)
    )({ logits: [3, 1, 0, 2], labels: [255, 255], operatingPoint: [2] });
    expect([crossEntropy, tversky, ...gradient].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('stays finite where a prediction is certain and wrong', async () => {
    const { crossEntropy, tversky, gradient } = await (
      await compiled(1, 2)
    )({ logits: [500, -500], labels: [1], operatingPoint: [-3] });
    expect(crossEntropy / (1000 * Math.exp(3))).toBeCloseTo(1, 5);
    expect(tversky).toBeCloseTo(1, 3);
    expect([...gradient].every(Number.isFinite)).toBe(true);
  });
});

describe('weighted cross-entropy on a toy whose probabilities are known', () => {
  it.each([-3, -2, -1, 0, 1, 2, 3])('is smallest with foreground exactly where p > σ(w), w = %i', async (w) => {
    const evaluate = await compiled(toyLabels.length, 2);
    let logits = LEVELS.map(() => 0);
    // Each level's part is convex in its logit: descent with a rate that suits its weight ends at the minimum.
    for (let step = 0; step < 300; step++) {
      const { pull } = await evaluate({ logits: toyLogits(logits), labels: toyLabels, operatingPoint: [w] });
      const rate = (4 * toyLabels.length) / SHARE / Math.max(1, Math.exp(-w));
      logits = logits.map((logit, level) => {
        let slope = 0;
        for (let i = 0; i < SHARE; i++) slope += pull[(level * SHARE + i) * 2 + 1]!;
        return logit - rate * slope;
      });
    }
    expect(logits.map((logit) => logit > 0)).toEqual(LEVELS.map((p) => p > sigmoid(w)));
  });
});

describe('Tversky on a toy whose probabilities are known', () => {
  it.each([-3, -1, 0, 1, 3])(
    'is smallest with foreground exactly where p > σ(w) · the best overlap, w = %i',
    async (w) => {
      const evaluate = await compiled(toyLabels.length, 2);
      let best = { overlap: -1, set: 0 };
      for (let set = 0; set < 2 ** LEVELS.length; set++) {
        const logits = toyLogits(LEVELS.map((_, level) => (set & (1 << level) ? 40 : -40)));
        const overlap = 1 - (await evaluate({ logits, labels: toyLabels, operatingPoint: [w] })).tversky;
        if (overlap > best.overlap) best = { overlap, set };
      }
      expect(LEVELS.map((_, level) => (best.set & (1 << level)) !== 0)).toEqual(
        LEVELS.map((p) => p > sigmoid(w) * best.overlap),
      );
    },
  );
});
