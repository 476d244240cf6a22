import { openImage, readPixels, unreadable, type DecodeOptions } from './open-image.js';

export interface DecodedMask {
  readonly width: number;
  readonly height: number;
  /** Shape (height, width): class or object numbers exactly as stored. */
  readonly data: Uint8Array | Uint16Array;
}

/**
 * Decodes a mask of 8 or 16 bits (or fewer) to the very numbers in the file; nothing is scaled or converted. A mask
 * saved as colour is read where its channels are equal.
 *
 * @throws {ProbityError} `IMAGE_UNREADABLE`, also for JPEG, which does not keep numbers, and for masks with colours.
 */
export async function decodeMask(bytes: Uint8Array, options: DecodeOptions): Promise<DecodedMask> {
  const { name } = options;
  const opened = await openImage(bytes, options);
  const { format, bitsPerSample = 8 } = opened.metadata;
  if (format === 'jpeg') throw unreadable(name, 'a mask cannot be JPEG, which changes class numbers');
  if (opened.colourChannels !== 1) return withoutColour(await readPixels(opened, { name, channels: 3 }), name);
  const mask = await readPixels(opened, { name, channels: 1 });
  if (bitsPerSample >= 8) return mask;
  // Fewer bits are stretched over 0 to 255 by the decoder: 1 bit becomes 0 and 255.
  const step = 255 / (2 ** bitsPerSample - 1);
  return { ...mask, data: mask.data.map((value) => Math.round(value / step)) };
}

function withoutColour({ width, height, data }: DecodedMask, name: string): DecodedMask {
  const grey = data instanceof Uint16Array ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    const value = data[3 * i]!;
    if (value !== data[3 * i + 1] || value !== data[3 * i + 2]) {
      throw unreadable(name, 'it has colours; a mask holds one class number a pixel, as plain grey');
    }
    grey[i] = value;
  }
  return { width, height, data: grey };
}
