import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine } from './onnx-engine.js';
import { loadLibrary } from './onnx-library.js';

const scaled = () =>
  trace(({ bytes, factor }) => ({ product: tf.mul(bytes!, factor!), unchanged: factor! }), {
    bytes: { shape: [2, 2], dtype: 'uint8' },
    factor: { shape: [], dtype: 'float32' },
    unused: { shape: [1], dtype: 'float32' },
  });

describe('createOnnxEngine()', () => {
  it('runs a graph again and again, and each answer is memory of its own', async () => {
    const engine = await createOnnxEngine({ threads: 1 });
    expect(engine.name).toMatch(/^onnx-cpu(-blocks-of-(8|16))?$/);
    const executable = await engine.compile(scaled());
    const feeds = (factor: number) => ({
      bytes: Uint8Array.of(0, 1, 2, 255),
      factor: Float32Array.of(factor),
      unused: new Float32Array(1),
    });
    const first = await executable.run(feeds(2));
    const second = await executable.run(feeds(-1));
    await executable.dispose();
    expect(first).toEqual({ product: Float32Array.of(0, 2, 4, 510), unchanged: Float32Array.of(2) });
    expect(second['product']).toEqual(Float32Array.of(-0, -1, -2, -255));
  });

  it('says which input was not fed', async () => {
    const executable = await (await createOnnxEngine({ threads: 1 })).compile(scaled());
    await expect(executable.run({ bytes: new Uint8Array(4) })).rejects.toThrow(
      'the graph\'s input "factor" was not fed',
    );
    await executable.dispose();
  });

  it('refuses an input of another length', async () => {
    const executable = await (await createOnnxEngine({ threads: 1 })).compile(scaled());
    await expect(executable.run({ bytes: new Uint8Array(3), factor: Float32Array.of(1) })).rejects.toThrow();
    await executable.dispose();
  });

  it.each([0, 1.5, Number.NaN])('refuses %d threads', async (threads) => {
    await expect(createOnnxEngine({ threads })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('loadLibrary()', () => {
  it('says what does not load and where to look', async () => {
    await expect(loadLibrary('onnxruntime-that-is-not-there')).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringMatching(/^Cannot load the engine "onnxruntime-that-is-not-there": .*probity doctor/s),
    });
  });
});
