import { ProbityError } from '@probity/core/errors';
import { channelBlockProbe } from '@probity/tfjs-graph/onnx/channel-block-probe';
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
}

/** Two formulations of one step differ by rounding, some 1e-6; a wrong block by 1. */
const ERROR_MAX = 1e-3;

/** Blocks that onnxruntime has: 8 with AVX2, 16 with AVX-512. */
const BLOCKS = [8, 16];

/**
 * A block that is not the machine's is never tried: such a file reads and writes beyond its images.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where a block was asked for that the machine does not have, or whose
 *   numbers are not those of the plain form.
 */
export async function chooseLayout(library: OnnxRuntime, wanted: ImageLayout): Promise<ChosenLayout> {
  if (wanted === 'plain') return { reason: 'plain layout, as asked for' };
  const channelBlock = await findBlock(library);
  const has = channelBlock === undefined ? 'no blocked convolutions' : `blocks of ${channelBlock} channels`;
  if (wanted !== 'auto' && wanted !== channelBlock) throw refused(wanted, `has ${has}`);
  if (channelBlock === undefined) return { reason: `plain layout: onnxruntime has ${has} on this machine` };
  const fault = await faultOf(library, channelBlock);
  if (fault === undefined) return { channelBlock, reason: `blocks of ${channelBlock} channels, self-test passed` };
  if (wanted === 'auto') return { reason: `plain layout: blocks of ${channelBlock} channels ${fault}` };
  throw refused(wanted, `has them, but they ${fault}`);
}

const refused = (block: number, state: string): ProbityError =>
  new ProbityError(
    'ENGINE_UNAVAILABLE',
    `Cannot lay images in blocks of ${block} channels: onnxruntime on this machine ${state}. Take PROBITY_ONNX_LAYOUT away, or set it to "plain"`,
  );

async function findBlock({ InferenceSession, Tensor }: OnnxRuntime): Promise<number | undefined> {
  try {
    const session = await InferenceSession.create(channelBlockProbe());
    const { blocks } = await session.run({ image: new Tensor('float32', new Float32Array(4), [1, 1, 1, 4]) });
    await session.release();
    return BLOCKS.find((block) => block === blocks?.dims[1]);
  } catch {
    return undefined; // a build without these operators
  }
}

async function faultOf(library: OnnxRuntime, channelBlock: number): Promise<string | undefined> {
  try {
    const error = await relativeErrorOfBlocks(library, channelBlock);
    return error <= ERROR_MAX ? undefined : `failed the self-test with a relative error of ${error.toPrecision(2)}`;
  } catch (cause) {
    return `do not run: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
