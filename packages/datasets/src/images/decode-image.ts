import { openImage, readPixels, type DecodeOptions } from './open-image.js';

export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 colour (red, green, blue interleaved). */
  readonly channels: 1 | 3;
  readonly bitDepth: 8 | 16;
  /** Shape (height, width, channels), row-major; the stored values, unscaled. */
  readonly data: Uint8Array | Uint16Array;
}

/**
 * Decodes PNG, JPEG or TIFF of 8 or 16 bits: grey, colour, palette; upright, transparency dropped, no profile applied.
 * An image whose three channels are equal everywhere is grey.
 *
 * @throws {ProbityError} `IMAGE_UNREADABLE`, naming the file: no image, truncated, too many pixels, another pixel type.
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions): Promise<DecodedImage> {
  const opened = await openImage(bytes, options);
  const channels = opened.colourChannels === 1 ? 1 : 3;
  const raw = await readPixels(opened, { name: options.name, channels });
  return greyIfEqual({ ...raw, channels, bitDepth: opened.depth === 'ushort' ? 16 : 8 });
}

function greyIfEqual(image: DecodedImage): DecodedImage {
  const { width, height, channels, data } = image;
  if (channels === 1) return image;
  for (let i = 0; i < data.length; i += 3) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return image;
  const grey = data instanceof Uint16Array ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = data[3 * i]!;
  return { ...image, channels: 1, data: grey };
}

/** Luma weights of ITU-R BT.601, as in PIL's mode `L`. */
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114];

/** The image with one channel or with three: grey is repeated, colour becomes its luma, rounded. */
export function toChannels(image: DecodedImage, channels: 1 | 3): DecodedImage {
  if (image.channels === channels) return image;
  const pixels = image.width * image.height;
  const from = image.data;
  const data = image.bitDepth === 16 ? new Uint16Array(pixels * channels) : new Uint8Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    if (channels === 3) data.fill(from[i]!, 3 * i, 3 * i + 3);
    else data[i] = Math.round(RED * from[3 * i]! + GREEN * from[3 * i + 1]! + BLUE * from[3 * i + 2]!);
  }
  return { ...image, channels, data };
}
