import sharp from 'sharp';

/** The same bytes for the same pixels: filter and level are fixed. */
const PNG = { compressionLevel: 6, adaptiveFiltering: false, palette: false } as const;

export interface PixelSize {
  readonly height: number;
  readonly width: number;
}

/** An 8-bit grey PNG of exactly these numbers. @param data Shape (height, width). */
export async function encodeGreyPng(data: Uint8Array, { height, width }: PixelSize): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 1 } }).toColourspace('b-w').png(PNG).toBuffer();
}

/** A 16-bit grey PNG of exactly these numbers. @param data Shape (height, width). */
export async function encodeGrey16Png(data: Uint16Array, { height, width }: PixelSize): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 1, depth: 'ushort' } as never }) // the types of sharp lack raw.depth
    .toColourspace('grey16')
    .png(PNG)
    .toBuffer();
}
