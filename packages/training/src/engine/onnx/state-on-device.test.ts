import type { InferenceSession } from 'onnxruntime-common';
import { describe, expect, it } from 'vitest';
import { formOnDevice } from './device.js';
import { loadLibrary, type OnnxRuntime } from './onnx-library.js';
import { withStepsInLoop } from './steps-in-loop.js';

const library = await loadLibrary();

type Create = (file: Uint8Array, options: InferenceSession.SessionOptions) => Promise<InferenceSession>;

/** The library with the CPU in the place of whatever device is asked for. */
const inPlaceOfDevice = (changed: (create: Create) => Create = (create) => create): OnnxRuntime => {
  const create: Create = (file, options) =>
    library.InferenceSession.create(file, { ...options, executionProviders: ['cpu'], extra: {} });
  return { ...library, InferenceSession: { create: changed(create) } as OnnxRuntime['InferenceSession'] };
};

const hasLoop = (file: Uint8Array): boolean => Buffer.from(file).includes('Loop_steps');

describe('formOnDevice(), the state of training steps', () => {
  it('stays on CUDA in a loop that gives what single steps give', async () => {
    const form = await formOnDevice(inPlaceOfDevice(), 'cuda');
    expect(form).toMatchObject({ engineName: 'onnx-cuda', compileSteps: withStepsInLoop });
    expect(form).not.toHaveProperty('warning');
  });

  it.each([
    [
      'is not run',
      (create: Create): Create =>
        (file, options) =>
          hasLoop(file) ? Promise.reject(new Error('no kernel for Loop')) : create(file, options),
      /at every step, which is slower: .* a small training step did not run: no kernel for Loop$/,
    ],
    [
      'ends too early',
      (create: Create): Create =>
        async (file, options) => {
          const session = await create(file, options);
          if (!hasLoop(file)) return session;
          const stepCount = new library.Tensor('int64', BigInt64Array.of(1n), []);
          const run = (feeds: InferenceSession.FeedsType) => session.run({ ...feeds, stepCount });
          return { inputNames: session.inputNames, run, release: () => session.release() } as InferenceSession;
        },
      /a small training step failed the self-test with a relative error of 0\.0\d+$/,
    ],
  ])('crosses at every step, with a warning, where a loop %s', async (_, changed, warning) => {
    const form = await formOnDevice(inPlaceOfDevice(changed), 'cuda');
    expect(form).toMatchObject({ engineName: 'onnx-cuda', warning: expect.stringMatching(warning) });
    expect(form).not.toHaveProperty('compileSteps');
  });
});
