import { createRandom } from '@probity/core/numerics/random';
import tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { runTraced } from '../testing/run-traced.js';
import { instanceNormRelu } from './convolution-block.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});

const [images, pixels, channels] = [2, 12, 3];
const shape = [images, 3, 4, channels];

/** The same in double precision, loop by loop. */
function reference(x: readonly number[], gain: readonly number[], bias: readonly number[]): number[] {
  return x.map((value, i) => {
    const [image, channel] = [Math.floor(i / (pixels * channels)), i % channels];
    const plane = Array.from({ length: pixels }, (_, p) => x[(image * pixels + p) * channels + channel]!);
    const mean = plane.reduce((a, b) => a + b) / pixels;
    const variance = plane.reduce((sum, v) => sum + (v - mean) ** 2, 0) / pixels;
    return Math.max(0, ((value - mean) / Math.sqrt(variance + 1e-5)) * gain[channel]! + bias[channel]!);
  });
}

describe('instanceNormRelu()', () => {
  const random = createRandom('norm');
  const normal = (count: number, mean = 0) => Array.from({ length: count }, () => Math.fround(mean + random.normal()));
  const [x, gain, bias, pull] = [
    normal(images * pixels * channels, 5),
    normal(channels, 1),
    normal(channels),
    normal(images * pixels * channels),
  ];
  const vector = (values: readonly number[]) => ({ shape: [channels], values });
  const inputs = { x: { shape, values: x }, gain: vector(gain), bias: vector(bias), pull: { shape, values: pull } };

  it('gives each channel of each image its own mean and deviation', async () => {
    const results = await runTraced(engine, inputs, ({ x: at, gain: g, bias: b }) => ({
      value: instanceNormRelu(at!, g!, b!),
    }));
    reference(x, gain, bias).forEach((value, i) => expect(results['value']![i]).toBeCloseTo(value, 4));
  });

  it('has the gradients that differences of the double-precision reference give', async () => {
    const results = await runTraced(engine, inputs, ({ x: at, gain: g, bias: b, pull: weights }) => {
      const loss = (...args: Tensor[]) => tf.sum(tf.mul(instanceNormRelu(args[0]!, args[1]!, args[2]!), weights!));
      const [dx, dgain, dbias] = tf.grads(loss)([at!, g!, b!]);
      return { dx: dx!, dgain: dgain!, dbias: dbias! };
    });
    const loss = (at: readonly number[], g: readonly number[], b: readonly number[]) =>
      reference(at, g, b).reduce((sum, value, i) => sum + value * pull[i]!, 0);
    const slope = (f: (values: number[]) => number, values: number[], i: number) =>
      (f(values.with(i, values[i]! + 1e-5)) - f(values.with(i, values[i]! - 1e-5))) / 2e-5;
    x.forEach((_, i) =>
      expect(results['dx']![i]).toBeCloseTo(
        slope((at) => loss(at, gain, bias), x, i),
        3,
      ),
    );
    gain.forEach((_, i) =>
      expect(results['dgain']![i]).toBeCloseTo(
        slope((g) => loss(x, g, bias), gain, i),
        3,
      ),
    );
    bias.forEach((_, i) =>
      expect(results['dbias']![i]).toBeCloseTo(
        slope((b) => loss(x, gain, b), bias, i),
        3,
      ),
    );
  });
});
