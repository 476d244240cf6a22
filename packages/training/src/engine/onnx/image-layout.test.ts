import { describe, expect, it } from 'vitest';
import { chooseLayout } from './image-layout.js';
import { loadLibrary, type OnnxRuntime } from './onnx-library.js';

const library = await loadLibrary();
const { channelBlock } = await chooseLayout(library, 'auto');

/** A library that fails as soon as a file is loaded: a build without blocked operators. */
const withoutBlocks: OnnxRuntime = {
  ...library,
  InferenceSession: { create: () => Promise.reject(new Error('no such operator')) },
};

describe('chooseLayout()', () => {
  it.skipIf(channelBlock === undefined)(
    'takes the blocks of the machine, which compute what the plain form does',
    async () => {
      expect(await chooseLayout(library, 'auto')).toEqual({
        channelBlock,
        reason: `blocks of ${channelBlock} channels, self-test passed`,
      });
      expect(await chooseLayout(library, channelBlock!)).toMatchObject({ channelBlock });
    },
  );

  it.skipIf(channelBlock === undefined)(
    'refuses the blocks of another machine instead of computing wrong numbers',
    async () => {
      const other = channelBlock === 8 ? 16 : 8;
      await expect(chooseLayout(library, other)).rejects.toMatchObject({
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
    expect(await chooseLayout(library, 'plain')).toEqual({ reason: 'plain layout, as asked for' });
  });

  it('is plain, and says why, where the library has no such operators', async () => {
    const chosen = await chooseLayout(withoutBlocks, 'auto');
    expect(chosen.channelBlock).toBeUndefined();
    expect(chosen).toEqual({
      reason: 'plain layout: onnxruntime on this machine has no blocks of channels: no such operator',
    });
    await expect(chooseLayout(withoutBlocks, 8)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  });

  describe.skipIf(channelBlock === undefined)('where the blocks that were found fail the self-test', () => {
    /** The probe and the plain form load, the blocked form does not. */
    function breaksLater(): OnnxRuntime {
      let sessions = 0;
      const create = library.InferenceSession.create as (...given: unknown[]) => Promise<never>;
      const third = (...given: unknown[]) =>
        ++sessions === 3 ? Promise.reject(new Error('broken')) : create.call(library.InferenceSession, ...given);
      return { ...library, InferenceSession: { create: third } as OnnxRuntime['InferenceSession'] };
    }

    it('is plain, says why, and warns', async () => {
      expect(await chooseLayout(breaksLater(), 'auto')).toEqual({
        reason: `plain layout: blocks of ${channelBlock} channels do not run: broken`,
        warning: expect.stringMatching(/self-test of blocks of \d+ channels failed/),
      });
    });

    it('refuses them if they were asked for', async () => {
      await expect(chooseLayout(breaksLater(), channelBlock!)).rejects.toMatchObject({
        code: 'ENGINE_UNAVAILABLE',
        message: expect.stringMatching(/has them, but they do not run: broken\. Take PROBITY_ONNX_LAYOUT away/),
      });
    });
  });
});
