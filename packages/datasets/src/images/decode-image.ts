import { ProbityError } from '@probity/core/errors';
import sharp from 'sharp';

/** Width × height above which an image is refused before it is decoded: a small file can hold a very large picture. */
export const PIXELS_MAX = 100_000_000;

export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bitDepth: 8 | 16;
  /** Shape (height, width, channels). */
  readonly data: Uint8Array | Uint16Array;
}

export interface DecodeOptions {
  /** For messages: the file or the item. */
  readonly name: string;
  readonly pixelsMax?: number;
}

/**
 * Decodes PNG (8 and 16 bit), JPEG and TIFF. Transparency is dropped, a palette is resolved, a JPEG is turned as its
 * EXIF orientation says, and an image whose three channels are equal everywhere is grey.
 *
 * @throws {ProbityError} `IMAGE_UNREADABLE` for what is no image, ends early, or has more pixels than allowed.
 */
export async function decodeImage(bytes: Uint8Array, { name, pixelsMax = PIXELS_MAX }: DecodeOptions): Promise<DecodedImage> {
  try {
    const image = sharp(bytes, { failOn: 'truncated', limitInputPixels: pixelsMax }).autoOrient().removeAlpha();
    const { depth, space } = await image.metadata();
    const is16Bit = depth === 'ushort';
    const isGrey = space === 'b-w' || space === 'grey16';
    const grey16 = is16Bit ? 'grey16' : 'b-w';
    const colour = is16Bit ? 'rgb16' : 'srgb';
    const { data, info } = await image.toColourspace(isGrey ? grey16 : colour).raw({ depth: is16Bit ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
    const pixels = is16Bit ? new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)) : new Uint8Array(data);
    const size = { width: info.width, height: info.height, bitDepth: is16Bit ? 16 : 8 } as const;
    return info.channels === 1 ? { ...size, channels: 1, data: pixels } : greyIfEqual({ ...size, channels: 3, data: pixels });
  } catch (error) {
    throw new ProbityError('IMAGE_UNREADABLE', `Cannot read image "${name}": ${reasonOf(error)}`, { cause: error, details: { name } });
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message.split('\n')[0]! : String(error));

function greyIfEqual(image: DecodedImage): DecodedImage {
  const { data } = image;
  for (let i = 0; i < data.length; i += 3) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return image;
  return { ...image, channels: 1, data: data.filter((_, i) => i % 3 === 0) };
}

/** Luma weights of ITU-R BT.601. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** The image with one channel or with three: grey is repeated, colour becomes its luma. */
export function toChannels(image: DecodedImage, channels: 1 | 3): DecodedImage {
  if (image.channels === channels) return image;
  const pixels = image.width * image.height;
  const data = image.bitDepth === 16 ? new Uint16Array(pixels * channels) : new Uint8Array(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (channels === 3) data.fill(image.data[pixel]!, pixel * 3, pixel * 3 + 3);
    else data[pixel] = Math.round(LUMA.reduce((sum, weight, c) => sum + weight * image.data[pixel * 3 + c]!, 0));
  }
  return { ...image, channels, data };
}
