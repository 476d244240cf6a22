import { ProbityError } from '@probity/core/errors';
import sharp, { type Metadata, type Sharp } from 'sharp';

/** Width × height above which an image is refused before it is decoded: a small file can hold a very large picture. */
export const PIXELS_MAX = 100_000_000;

// Files are read once each: a cache of decoded pixels would only hold memory.
sharp.cache(false);
// Images are decoded side by side; threads within each would only fight.
sharp.concurrency(1);

const FORMATS: ReadonlySet<string> = new Set(['png', 'jpeg', 'tiff']);

export interface DecodeOptions {
  /** For messages: the file or the item, as the user knows it. */
  readonly name: string;
  readonly pixelsMax?: number | undefined;
}

export interface OpenedImage {
  readonly pipeline: Sharp;
  readonly metadata: Metadata;
  readonly depth: 'uchar' | 'ushort';
  /** Without alpha. */
  readonly colourChannels: number;
}

/**
 * Reads an image's header and checks all that can be known from it, before a pixel is decoded: a decompression bomb
 * costs nothing here. The pipeline turns the image upright, drops alpha and touches no value: no ICC profile is applied.
 *
 * @throws {ProbityError} `IMAGE_UNREADABLE`
 */
export async function openImage(
  bytes: Uint8Array,
  { name, pixelsMax = PIXELS_MAX }: DecodeOptions,
): Promise<OpenedImage> {
  const metadata = await orUnreadable(name, () => sharp(bytes, { limitInputPixels: false }).metadata());
  const { format, width, height, depth, pages, hasAlpha, channels } = metadata;
  if (!FORMATS.has(format)) throw unreadable(name, `its format is ${format}, must be PNG, JPEG, TIFF or NIfTI`);
  if ((pages ?? 1) > 1) throw unreadable(name, `it has ${pages} pages, must have one`);
  if (width * height > pixelsMax) {
    throw unreadable(name, `it has ${width} × ${height} pixels, the limit is ${pixelsMax}`, { reason: 'pixel-limit' });
  }
  if (depth !== 'uchar' && depth !== 'ushort')
    throw unreadable(name, `its values are ${depth}, must be of 8 or 16 bit`);
  const colourChannels = channels - (hasAlpha ? 1 : 0);
  const isConvertible = colourChannels === 1 || colourChannels === 3 || metadata.space === 'cmyk';
  if (!isConvertible) throw unreadable(name, `it has ${colourChannels} channels, must have 1 (grey) or 3 (colour)`);
  const pipeline = sharp(bytes, { failOn: 'warning', limitInputPixels: pixelsMax, ignoreIcc: true });
  return { pipeline: pipeline.autoOrient().removeAlpha(), metadata, depth, colourChannels };
}

export interface RawPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
}

/** Decodes to exactly the stored values; a file that ends early fails. */
export async function readPixels(
  { pipeline, depth }: OpenedImage,
  { name, channels }: { name: string; channels: 1 | 3 },
): Promise<RawPixels> {
  // Left to itself sharp answers 8-bit sRGB: 16 bits would be squeezed through a gamma curve, grey would be tripled.
  const space = depth === 'ushort' ? { 1: 'grey16', 3: 'rgb16' } : { 1: 'b-w', 3: 'srgb' };
  const { data, info } = await orUnreadable(name, () =>
    pipeline.toColourspace(space[channels]).raw({ depth }).toBuffer({ resolveWithObject: true }),
  );
  if (info.channels !== channels)
    throw new Error(`Bug: ${name} decoded to ${info.channels} channels, wanted ${channels}`);
  const { width, height } = info;
  return { width, height, data: depth === 'ushort' ? twoByteValues(data) : bytesOf(data) };
}

const bytesOf = ({ buffer, byteOffset, length }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, length);

/** Such values must begin at an even place: where they do not, they are copied to one. */
function twoByteValues(data: Buffer): Uint16Array {
  const { buffer, byteOffset, length } = data.byteOffset % 2 === 0 ? data : new Uint8Array(data);
  return new Uint16Array(buffer, byteOffset, length / 2);
}

/** Tells importers which kind of fault it is. */
export type UnreadableReason = 'unreadable' | 'pixel-limit' | 'mask-size' | 'not-finite';

export function unreadable(
  name: string,
  state: string,
  { reason = 'unreadable', cause }: { reason?: UnreadableReason; cause?: unknown } = {},
): ProbityError {
  const message = `Cannot read image "${name}": ${state}`;
  return new ProbityError('IMAGE_UNREADABLE', message, { details: { name, reason }, cause });
}

async function orUnreadable<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const text = error instanceof Error ? error.message.split('\n')[0]!.trim() : String(error);
    throw unreadable(name, `not a whole image file (${text})`, { cause: error });
  }
}
