import { ProbityError } from '@probity/core/errors';
import sharp from 'sharp';
import { PIXELS_MAX, type DecodeOptions } from './decode-image.js';

export interface DecodedMask {
  readonly width: number;
  readonly height: number;
  /** Shape (height, width): the very numbers of the file, no colour conversion. */
  readonly data: Uint8Array | Uint16Array;
}

/**
 * Decodes a label map: 8- or 16-bit, one channel. A mask saved as colour is read where its channels are equal.
 *
 * @throws {ProbityError} `IMAGE_UNREADABLE`
 */
export async function decodeMask(bytes: Uint8Array, { name, pixelsMax = PIXELS_MAX }: DecodeOptions): Promise<DecodedMask> {
  try {
    const image = sharp(bytes, { failOn: 'truncated', limitInputPixels: pixelsMax }).removeAlpha();
    const { depth, channels } = await image.metadata();
    const is16Bit = depth === 'ushort';
    // Without a colour space of its own libvips would convert a grey image to colour.
    const grey = (channels ?? 1) <= 2 ? image.toColourspace(is16Bit ? 'grey16' : 'b-w') : image;
    const { data, info } = await grey.raw({ depth: is16Bit ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
    const values = is16Bit ? new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)) : new Uint8Array(data);
    return { width: info.width, height: info.height, data: info.channels === 1 ? values : requireEqualChannels(values, info.channels) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    throw new ProbityError('IMAGE_UNREADABLE', `Cannot read mask "${name}": ${reason}`, { cause: error, details: { name } });
  }
}

function requireEqualChannels(values: Uint8Array | Uint16Array, channels: number): Uint8Array | Uint16Array {
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== values[i - (i % channels)]) throw new Error('it is a colour image; a mask holds one class number a pixel');
  }
  return values.filter((_, i) => i % channels === 0);
}
