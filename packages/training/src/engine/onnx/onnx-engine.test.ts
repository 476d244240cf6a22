import { describe, expect, it } from 'vitest';
import { itRunsGraphs } from '../../testing/engine-contract.js';
import { createOnnxEngine } from './onnx-engine.js';
import { loadLibrary } from './onnx-library.js';

describe('createOnnxEngine()', () => {
  itRunsGraphs(() => createOnnxEngine({ threads: 1 }));

  it('is named by what it computes on', async () => {
    expect((await createOnnxEngine({ threads: 1 })).name).toMatch(/^onnx-cpu(-blocks-of-(8|16))?$/);
    expect((await createOnnxEngine({ threads: 1, layout: 'plain' })).name).toBe('onnx-cpu');
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
