import { decodeImage, type DecodedImage } from '@probity/datasets/images/decode-image';
import { encodePng } from '@probity/datasets/images/encode-png';

/** Share of the values that may fall off either end of the screen's range: a few hot pixels must not darken the rest. */
const CLIPPED_SHARE = 0.005;

/**
 * An image as an 8-bit PNG that an eye can read: its values, of 8 or 16 bits, are stretched to the whole range of the
 * screen. As they are stored, a scan of small range would be black.
 *
 * @throws {ProbityError} `IMAGE_UNREADABLE`
 */
export async function displayedImage(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const { data, ...size } = await decodeImage(bytes, { name });
  const [low, high] = rangeOf({ data, ...size });
  const shade = (value: number) => clamp(Math.round((255 * (value - low)) / Math.max(1, high - low)));
  return encodePng({ ...size, data: Uint8Array.from(data, shade) });
}

function rangeOf({ data, bitDepth }: DecodedImage): readonly [low: number, high: number] {
  const counts = new Uint32Array(2 ** bitDepth);
  for (const value of data) counts[value]!++;
  const clipped = Math.floor(CLIPPED_SHARE * data.length);
  return [firstBeyond(counts, clipped), counts.length - 1 - firstBeyond(counts.toReversed(), clipped)];
}

/** The first value below which, itself included, more than `count` values lie. */
function firstBeyond(counts: Uint32Array, count: number): number {
  let sum = 0;
  return counts.findIndex((values) => (sum += values) > count);
}

const clamp = (value: number): number => Math.min(255, Math.max(0, value));
