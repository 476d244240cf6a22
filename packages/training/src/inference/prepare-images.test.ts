import { createRandom } from '@probity/core/numerics/random';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Executable } from '../engine/engine.js';
import { createOnnxEngine } from '../engine/onnx/onnx-engine.js';
import { ImageSizes } from './prepare-images.js';

let engine: Engine;
let sizes: ImageSizes;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});
afterEach(() => sizes.dispose());

const noise = (count: number) => {
  const random = createRandom('image');
  return Float32Array.from({ length: count }, () => 40_000 + 9_000 * random.normal());
};

describe('ImageSizes', () => {
  it('only standardises an image that has the size of the network', async () => {
    sizes = new ImageSizes(engine);
    const pixels = noise(16);
    const prepared = await sizes.prepare(pixels, {
      source: { height: 4, width: 4 },
      input: { height: 4, width: 4, channels: 1 },
    });
    const mean = pixels.reduce((a, b) => a + b) / 16;
    const deviation = Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 16);
    pixels.forEach((value, i) => expect(prepared[i]).toBeCloseTo((value - mean) / deviation, 3));
  });

  it('standardises each channel by itself', async () => {
    sizes = new ImageSizes(engine);
    const colours = Float32Array.from({ length: 4 * 4 * 3 }, (_, i) => (i % 3 === 0 ? 5 : (i % 3) * i));
    const prepared = await sizes.prepare(colours, {
      source: { height: 4, width: 4 },
      input: { height: 4, width: 4, channels: 3 },
    });
    for (const channel of [1, 2]) {
      const values = prepared.filter((_, i) => i % 3 === channel);
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(0, 4);
      expect(values.reduce((sum, value) => sum + value ** 2, 0) / 16).toBeCloseTo(1, 4);
    }
    expect(new Set(prepared.filter((_, i) => i % 3 === 0))).toEqual(new Set([0])); // one colour: no deviation to divide by
  });

  it('gives the same numbers for the same values in bytes, in two bytes and in floats', async () => {
    sizes = new ImageSizes(engine);
    const values = noise(7 * 5 * 3).map((value) => Math.round(value / 300)); // whole, 0 to 255
    const place = { source: { height: 7, width: 5 }, input: { height: 4, width: 8, channels: 3 } };
    const prepared = await sizes.prepare(values, place);
    expect(new Set(values).size).toBeGreaterThan(40);
    expect(await sizes.prepare(new Uint8Array(values), place)).toEqual(prepared);
    expect(await sizes.prepare(new Uint16Array(values), place)).toEqual(prepared);
    const within = new Uint8Array([9, ...values, 9]).subarray(1, -1); // bytes that begin inside others, as a decoder's may
    expect(await sizes.prepare(within, place)).toEqual(prepared);
  });

  it('brings maps to any size and back within [0, 1]; one value stays that value', async () => {
    sizes = new ImageSizes(engine);
    const from = { height: 8, width: 4, channels: 2 };
    const restored = await sizes.restore(new Float32Array(64).fill(0.25), { from, to: { height: 5, width: 9 } });
    expect(restored).toHaveLength(5 * 9 * 2);
    restored.forEach((value) => expect(value).toBeCloseTo(0.25, 5));
    const over = await sizes.restore(new Float32Array(64).fill(1.5), { from, to: { height: 5, width: 9 } });
    expect(new Set(over)).toEqual(new Set([1]));
  });

  it('serves the same image for networks of two sizes', async () => {
    sizes = new ImageSizes(engine);
    const source = { height: 6, width: 6 };
    const small = await sizes.prepare(noise(36), { source, input: { height: 4, width: 4, channels: 1 } });
    const large = await sizes.prepare(noise(36), { source, input: { height: 8, width: 8, channels: 1 } });
    expect([small.length, large.length]).toEqual([16, 64]);
  });

  it('keeps sessions of the sizes met last, and never drops one that is at work', async () => {
    const alive = new Set<Executable>();
    const counted: Engine = {
      ...engine,
      compile: async (graph) => {
        const inner = await engine.compile(graph);
        const executable: Executable = {
          run: (feeds) => {
            if (!alive.has(executable)) throw new Error('A session ran behind its end');
            return inner.run(feeds);
          },
          dispose: () => (alive.delete(executable), inner.dispose()),
        };
        alive.add(executable);
        return executable;
      },
    };
    sizes = new ImageSizes(counted);
    const prepare = (height: number) =>
      sizes.prepare(noise(height * 4), { source: { height, width: 4 }, input: { height: 8, width: 8, channels: 1 } });
    await Promise.all(Array.from({ length: 40 }, (_, i) => prepare(4 + i)));
    expect(alive.size).toBeLessThanOrEqual(32);
    await prepare(4); // one that was dropped is made again
    await sizes.dispose();
    expect(alive.size).toBe(0);
  });
});
