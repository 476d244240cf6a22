import { requireSpec } from '@probity/core/schemas/fill-spec';
import { createRandom } from '@probity/core/numerics/random';
import { unflatten } from '@probity/tfjs-graph/flat-parameters';
import tf from '@tensorflow/tfjs';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { runTraced } from '../testing/run-traced.js';
import { initialWeights } from './initial-weights.js';
import type { NetworkShape } from './network-shape.js';
import { createNetwork } from './network.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

const unet = (changes: Partial<NetworkShape['model']> = {}, rest: Partial<NetworkShape> = {}): NetworkShape => ({
  model: { kind: 'unet', baseWidth: 4, depth: 3, normalisation: 'instance', ...changes },
  channels: 1,
  classCount: 2,
  ...rest,
});
const pixels = (count: number) => {
  const random = createRandom('pixels');
  return Float32Array.from({ length: count }, () => random.normal());
};

/** Logits by way of the engine, and the gradient of their squares with respect to the weights. */
async function outputs(
  shape: NetworkShape,
  { side, weights, images }: { side: number; weights: Float32Array; images: Float32Array },
) {
  const network = createNetwork(shape);
  const count = images.length / (side * side * shape.channels);
  const results = await runTraced(
    engine,
    {
      images: { shape: [count, side, side, shape.channels], values: images },
      weights: { shape: [weights.length], values: weights },
    },
    (fed) => {
      const logits = (at: Tensor1D) => network.logits(fed['images'] as Tensor4D, unflatten(at, network.layout));
      const gradient = tf.grad((at) => tf.sum(tf.square(logits(at as Tensor1D))))(fed['weights']!);
      const value = logits(fed['weights'] as Tensor1D);
      return { logits: value, gradient, shape: tf.tensor1d(value.shape) };
    },
  );
  return {
    logits: results['logits'] as Float32Array,
    gradient: results['gradient'] as Float32Array,
    shape: [...(results['shape'] as Float32Array)],
  };
}

describe('createNetwork()', () => {
  it('lays out the U-Net of the benchmark: 487,713 parameters with one output, 17 more an output', () => {
    const count = (classCount: number) =>
      createNetwork(unet({ baseWidth: 16, depth: 4 }, { classCount })).layout.parameterCount;
    expect([count(1), count(2), count(3)]).toEqual([487_713, 487_730, 487_747]);
  });

  it('serves the network that a spec asks for', () => {
    const { model, input } = requireSpec({ name: 'x', dataset: 'x', split: { test: 1 } });
    expect(createNetwork({ model, channels: input.channels, classCount: 2 }).layout.parameterCount).toBeGreaterThan(
      1000,
    );
  });

  it.each(['instance', 'none'] as const)(
    'gives a U-Net logits for every pixel and a gradient for every parameter (%s)',
    async (normalisation) => {
      const shape = unet({ normalisation }, { classCount: 3, channels: 3 });
      const weights = initialWeights(createNetwork(shape).layout, 1, 0);
      const {
        logits,
        gradient,
        shape: size,
      } = await outputs(shape, { side: 16, weights, images: pixels(2 * 16 * 16 * 3) });
      expect(size).toEqual([2, 16, 16, 3]);
      expect(logits.every(Number.isFinite)).toBe(true);
      for (const { name, offset, size: length } of createNetwork(shape).layout.parameters) {
        expect(
          gradient.subarray(offset, offset + length).some((slope) => slope !== 0),
          name,
        ).toBe(true);
      }
    },
  );

  it.each(['instance', 'none'] as const)(
    'gives a classifier logits for every image and a gradient for every parameter (%s)',
    async (normalisation) => {
      const shape = unet({ kind: 'classifier', normalisation }, { classCount: 4 });
      const { layout } = createNetwork(shape);
      const { gradient, shape: size } = await outputs(shape, {
        side: 16,
        weights: initialWeights(layout, 1, 0),
        images: pixels(3 * 16 * 16),
      });
      expect(size).toEqual([3, 1, 1, 4]);
      for (const { name, offset, size: length } of layout.parameters) {
        expect(
          gradient.subarray(offset, offset + length).some((slope) => slope !== 0),
          name,
        ).toBe(true);
      }
    },
  );

  it('sees each image alone: an image has the same logits in every company', async () => {
    for (const kind of ['unet', 'classifier'] as const) {
      const shape = unet({ kind });
      const weights = initialWeights(createNetwork(shape).layout, 1, 0);
      const images = pixels(2 * 256);
      const [both, second] = [
        await outputs(shape, { side: 16, weights, images }),
        await outputs(shape, { side: 16, weights, images: images.slice(256) }),
      ];
      const half = both.logits.length / 2;
      second.logits.forEach((logit, i) => expect(both.logits[half + i]).toBeCloseTo(logit, 4));
    }
  });
});

describe('initialWeights()', () => {
  const { layout } = createNetwork(unet({ baseWidth: 16, depth: 3 }));

  it('are the same for the same seed and fold, and others for others', () => {
    const first = initialWeights(layout, 1, 0);
    expect(initialWeights(layout, 1, 0)).toEqual(first);
    expect(initialWeights(layout, 2, 0)).not.toEqual(first);
    expect(initialWeights(layout, 1, 1)).not.toEqual(first);
  });

  it('have gains of 1, biases of 0 and filters of variance 2 / fan-in', () => {
    const weights = initialWeights(layout, 1, 0);
    for (const { name, offset, size, shape } of layout.parameters) {
      const values = weights.subarray(offset, offset + size);
      if (name.endsWith('/gain')) expect(new Set(values)).toEqual(new Set([1]));
      else if (name.endsWith('/bias')) expect(new Set(values)).toEqual(new Set([0]));
      else {
        const variance = values.reduce((sum, value) => sum + value ** 2, 0) / size;
        const ratio = (variance * (size / shape.at(-1)!)) / 2;
        expect(Math.abs(ratio - 1), name).toBeLessThan(5 * Math.sqrt(2 / size));
      }
    }
  });
});
