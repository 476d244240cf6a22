import { ProbityError } from '@probity/core/errors';
import { findChannelBlock } from '@probity/tfjs-graph/onnx/find-channel-block';
import { callLibrary, mayPass } from '../library-call.js';
import type { Form } from './form.js';
import type { OnnxRuntime } from './onnx-library.js';
import { faultOf, messageOf } from './self-test.js';

/**
 * How images lie in memory while a graph runs: `plain`, by standard operators; a number, in blocks of so many channels by
 * onnxruntime's own; `auto`, in the machine's blocks where it has them and they pass the self-test, else plain.
 */
export type ImageLayout = 'auto' | 'plain' | number;

const ON_CPU = { executionProviders: ['cpu'] } as const;

const plainForm = (reason: string): Form => ({
  engineName: 'onnx-cpu',
  reason: `plain layout${reason}`,
  onnx: {},
  options: ON_CPU,
});

const blockedForm = (channelBlock: number): Form => ({
  engineName: `onnx-cpu-blocks-of-${channelBlock}`,
  reason: `blocks of ${channelBlock} channels, self-test passed`,
  onnx: { channelBlock },
  options: ON_CPU,
});

/**
 * Graphs as the CPU runs them. A block that is not the machine's is never tried: such a file reads and writes beyond its
 * images.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where a block was asked for that the machine does not have, or whose
 *   numbers are not those of the plain form; `OUT_OF_MEMORY`.
 */
export async function formOnCpu(library: OnnxRuntime, wanted: ImageLayout): Promise<Form> {
  if (wanted === 'plain') return plainForm(', as asked for');
  const { channelBlock, has } = await blocksOf(library);
  if (wanted !== 'auto' && wanted !== channelBlock) throw refused(wanted, `has ${has}`);
  if (channelBlock === undefined) return plainForm(`: onnxruntime on this machine has ${has}`);
  const form = blockedForm(channelBlock);
  const fault = await faultOf(library, form);
  if (fault === undefined) return form;
  if (wanted !== 'auto') throw refused(wanted, `has them, but a small training step ${fault}`);
  const warning = `the self-test of ${has} failed, and the plain layout is slower`;
  return { ...plainForm(`: a small training step with ${has} ${fault}`), warning };
}

const refused = (block: number, state: string): ProbityError =>
  new ProbityError(
    'ENGINE_UNAVAILABLE',
    `Cannot lay images in blocks of ${block} channels: onnxruntime on this machine ${state}. Take PROBITY_ONNX_LAYOUT away, or set it to "plain"`,
  );

/** The machine's block, and what it has in words. */
async function blocksOf(library: OnnxRuntime): Promise<{ channelBlock?: number; has: string }> {
  try {
    const channelBlock = await callLibrary('look for blocks of channels', () => findChannelBlock(library));
    return channelBlock === undefined
      ? { has: 'no blocks of channels' }
      : { channelBlock, has: `blocks of ${channelBlock} channels` };
  } catch (cause) {
    if (mayPass(cause)) throw cause;
    return { has: `no blocks of channels: ${messageOf(cause)}` }; // a build without these operators
  }
}
