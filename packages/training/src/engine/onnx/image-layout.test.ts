import { findChannelBlock } from '@probity/tfjs-graph/onnx/find-channel-block';
import { describe, expect, it } from 'vitest';
import { formOnCpu } from './image-layout.js';
import { loadLibrary, type OnnxRuntime } from './onnx-library.js';

const library = await loadLibrary();
const channelBlock = await findChannelBlock(library);

/** A library that fails as soon as a file is loaded: a build without blocked operators. */
const withoutBlocks: OnnxRuntime = {
  ...library,
  InferenceSession: { create: () => Promise.reject(new Error('no such operator')) },
};

describe('formOnCpu()', () => {
  it.skipIf(channelBlock === undefined)(
    'takes the blocks of the machine, which compute what the plain form does',
    async () => {
      expect(await formOnCpu(library, 'auto')).toMatchObject({
        engineName: `onnx-cpu-blocks-of-${channelBlock}`,
        reason: `blocks of ${channelBlock} channels, self-test passed`,
      });
      expect(await formOnCpu(library, channelBlock!)).toMatchObject({
        engineName: `onnx-cpu-blocks-of-${channelBlock}`,
      });
    },
  );

  it.skipIf(channelBlock === undefined)(
    'refuses the blocks of another machine instead of computing wrong numbers',
    async () => {
      const other = channelBlock === 8 ? 16 : 8;
      await expect(formOnCpu(library, other)).rejects.toMatchObject({
        code: 'ENGINE_UNAVAILABLE',
        message: expect.stringMatching(
          new RegExp(
            `blocks of ${other} channels: .*has blocks of ${channelBlock} channels\\. Take PROBITY_ONNX_LAYOUT`,
          ),
        ),
      });
    },
  );

  it('is plain where asked to be', async () => {
    expect(await formOnCpu(library, 'plain')).toMatchObject({
      engineName: 'onnx-cpu',
      reason: 'plain layout, as asked for',
    });
  });

  it('is plain, and says why, where the library has no such operators', async () => {
    const chosen = await formOnCpu(withoutBlocks, 'auto');
    expect(chosen).toMatchObject({
      engineName: 'onnx-cpu',
      reason: 'plain layout: onnxruntime on this machine has no blocks of channels: no such operator',
    });
    await expect(formOnCpu(withoutBlocks, 8)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  });

  it('says so where memory is lacking to look for blocks', async () => {
    const create = () => Promise.reject(new Error('std::bad_alloc'));
    await expect(formOnCpu({ ...library, InferenceSession: { create } }, 'auto')).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
    });
  });

  describe.skipIf(channelBlock === undefined)('where the blocks that were found fail the self-test', () => {
    /** The probe and the plain form load, the blocked form does not. */
    function breaksLater(saying = 'broken'): OnnxRuntime {
      let sessions = 0;
      const create = library.InferenceSession.create as (...given: unknown[]) => Promise<never>;
      const third = (...given: unknown[]) =>
        ++sessions === 3 ? Promise.reject(new Error(saying)) : create.call(library.InferenceSession, ...given);
      return { ...library, InferenceSession: { create: third } as OnnxRuntime['InferenceSession'] };
    }

    it('is plain, says why, and warns', async () => {
      expect(await formOnCpu(breaksLater(), 'auto')).toMatchObject({
        engineName: 'onnx-cpu',
        reason: `plain layout: a small training step with blocks of ${channelBlock} channels did not run: broken`,
        warning: expect.stringMatching(/self-test of blocks of \d+ channels failed/),
      });
    });

    it('is neither where memory was lacking for it: other numbers must not come of that', async () => {
      const scarce = breaksLater('Failed to allocate memory for requested buffer of size 16777216');
      await expect(formOnCpu(scarce, 'auto')).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    });

    it('refuses them if they were asked for', async () => {
      await expect(formOnCpu(breaksLater(), channelBlock!)).rejects.toMatchObject({
        code: 'ENGINE_UNAVAILABLE',
        message: expect.stringMatching(
          /has them, but a small training step did not run: broken\. Take PROBITY_ONNX_LAYOUT away/,
        ),
      });
    });
  });
});
