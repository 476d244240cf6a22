import { ProbityError } from '@probity/core/errors';
import { findChannelBlock } from '@probity/tfjs-graph/onnx/find-channel-block';
import type { OnnxRuntime } from './onnx-library.js';
import { relativeErrorOfBlocks } from './self-test.js';

/**
 * How images lie in memory while a graph runs: `plain`, by standard operators; a number, in blocks of so many channels by
 * onnxruntime's own; `auto`, in the machine's blocks where it has them and they pass the self-test, else plain.
 */
export type ImageLayout = 'auto' | 'plain' | number;

export interface ChosenLayout {
  /** Absent: plain. */
  readonly channelBlock?: number;
  /** Why, in a sentence. */
  readonly reason: string;
  /** Where the machine has blocks that cannot be used. */
  readonly warning?: string;
}

/** Two formulations of one step differ by rounding, some 1e-6; a wrong block by 1. */
const ERROR_MAX = 1e-3;

/**
 * A block that is not the machine's is never tried: such a file reads and writes beyond its images.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where a block was asked for that the machine does not have, or whose
 *   numbers are not those of the plain form.
 */
export async function chooseLayout(library: OnnxRuntime, wanted: ImageLayout): Promise<ChosenLayout> {
  if (wanted === 'plain') return { reason: 'plain layout, as asked for' };
  const { channelBlock, has } = await blocksOf(library);
  if (wanted !== 'auto' && wanted !== channelBlock) throw refused(wanted, `has ${has}`);
  if (channelBlock === undefined) return { reason: `plain layout: onnxruntime on this machine has ${has}` };
  const fault = await faultOf(library, channelBlock);
  if (fault === undefined) return { channelBlock, reason: `blocks of ${channelBlock} channels, self-test passed` };
  if (wanted !== 'auto') throw refused(wanted, `has them, but they ${fault}`);
  return {
    reason: `plain layout: ${has} ${fault}`,
    warning: `the self-test of ${has} failed, the plain layout is slower`,
  };
}

const refused = (block: number, state: string): ProbityError =>
  new ProbityError(
    'ENGINE_UNAVAILABLE',
    `Cannot lay images in blocks of ${block} channels: onnxruntime on this machine ${state}. Take PROBITY_ONNX_LAYOUT away, or set it to "plain"`,
  );

/** The machine's block, and what it has in words. */
async function blocksOf(library: OnnxRuntime): Promise<{ channelBlock?: number; has: string }> {
  try {
    const channelBlock = await findChannelBlock(library);
    return channelBlock === undefined
      ? { has: 'no blocks of channels' }
      : { channelBlock, has: `blocks of ${channelBlock} channels` };
  } catch (cause) {
    return { has: `no blocks of channels: ${messageOf(cause)}` }; // a build without these operators
  }
}

async function faultOf(library: OnnxRuntime, channelBlock: number): Promise<string | undefined> {
  try {
    const error = await relativeErrorOfBlocks(library, channelBlock);
    return error <= ERROR_MAX ? undefined : `failed the self-test with a relative error of ${error.toPrecision(2)}`;
  } catch (cause) {
    return `do not run: ${messageOf(cause)}`;
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
