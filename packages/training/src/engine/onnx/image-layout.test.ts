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
    expect(chosen.reason).toMatch(/no blocked convolutions/);
    await expect(chooseLayout(withoutBlocks, 8)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  });

  it('is plain, and says why, where the blocks that were found fail the self-test', async () => {
    let sessions = 0;
    const breaksLater: OnnxRuntime = {
      ...library,
      InferenceSession: {
        create: (...args: unknown[]) =>
          ++sessions === 3
            ? Promise.reject(new Error('broken'))
            : (library.InferenceSession.create as (...given: unknown[]) => Promise<never>)(...args),
      } as OnnxRuntime['InferenceSession'],
    };
    const chosen = await chooseLayout(breaksLater, 'auto');
    expect(chosen).toEqual({
      reason: expect.stringMatching(
        channelBlock === undefined ? /no blocked/ : /plain layout: blocks of \d+ channels do not run: broken/,
      ),
    });
  });
});
