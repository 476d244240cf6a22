import { requireInput } from '@probity/core/errors';
import sharp from 'sharp';

export interface PixelSize {
  readonly height: number;
  readonly width: number;
}

/** No time, no text, no adaptive choice: the same bytes for the same pixels. Level 6 takes a third longer for a twentieth less. */
const PNG = { compressionLevel: 3, adaptiveFiltering: false, palette: false } as const;

/** An 8-bit grey PNG of exactly these numbers. @param data Shape (height, width). */
export const encodeGreyPng = (data: Uint8Array, size: PixelSize): Promise<Uint8Array> =>
  encodePng({ ...size, channels: 1, data });

/** A 16-bit grey PNG of exactly these numbers. @param data Shape (height, width). */
export const encodeGrey16Png = (data: Uint16Array, size: PixelSize): Promise<Uint8Array> =>
  encodePng({ ...size, channels: 1, data });

export interface PixelArray extends PixelSize {
  readonly channels: 1 | 3;
  /** Shape (height, width, channels). `Uint16Array` makes a 16-bit file. */
  readonly data: Uint8Array | Uint16Array;
}

/** A PNG of exactly these numbers, grey or colour. */
export async function encodePng({ width, height, channels, data }: PixelArray): Promise<Uint8Array> {
  requireInput(
    data.length === width * height * channels,
    `Cannot encode PNG: ${data.length} values for ${width} × ${height} pixels of ${channels} channels`,
  );
  const is16Bit = data instanceof Uint16Array;
  const space = is16Bit ? { 1: 'grey16', 3: 'rgb16' } : { 1: 'b-w', 3: 'srgb' };
  const pipeline = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  return new Uint8Array(await pipeline.toColourspace(space[channels]).png(PNG).toBuffer());
}
