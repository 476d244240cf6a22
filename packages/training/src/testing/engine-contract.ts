import { trace } from '@probity/tfjs-graph/trace';
import tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';

/** A graph with bytes among its inputs, one input that it hands through, and one that it does not use. */
export const scaled = () =>
  trace(({ bytes, factor }) => ({ product: tf.mul(bytes!, factor!), unchanged: factor! }), {
    bytes: { shape: [2, 2], dtype: 'uint8' },
    factor: { shape: [], dtype: 'float32' },
    unused: { shape: [1], dtype: 'float32' },
  });

/** What every engine promises of a compiled graph. To be called where tests are described. */
export function itRunsGraphs(engine: () => Promise<Engine> | Engine): void {
  it('runs a graph again and again, and each answer is memory of its own', async () => {
    const executable = await (await engine()).compile(scaled());
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
    const executable = await (await engine()).compile(scaled());
    await expect(executable.run({ bytes: new Uint8Array(4) })).rejects.toThrow(
      'the graph\'s input "factor" was not fed',
    );
    await executable.dispose();
  });

  it('refuses an input of another length', async () => {
    const executable = await (await engine()).compile(scaled());
    const feeds = { bytes: new Uint8Array(3), factor: Float32Array.of(1), unused: new Float32Array(1) };
    await expect(executable.run(feeds)).rejects.toThrow();
    await executable.dispose();
  });
}
