import type { DatasetItem } from '@probity/core/schemas/dataset-version';

export interface FrequentSize {
  readonly height: number;
  readonly width: number;
  /** `float32` where an image has 16 bits. */
  readonly dtype: 'uint8' | 'float32';
}

/** The most frequent size of image, the larger on a tie, and the numbers that hold every image's pixels. */
export function mostFrequentSize(
  items: readonly { readonly image: Pick<DatasetItem['image'], 'height' | 'width' | 'bitDepth'> }[],
): FrequentSize {
  const sizes = new Map<string, { height: number; width: number; count: number }>();
  for (const { image } of items) {
    const { height, width } = image;
    const known = sizes.get(`${height}x${width}`);
    sizes.set(`${height}x${width}`, { height, width, count: (known?.count ?? 0) + 1 });
  }
  const [first, ...others] = sizes.values();
  if (!first) throw new Error('Bug: the size of no image was asked for');
  const { height, width } = others.reduce((a, b) => (isBefore(b, a) ? b : a), first);
  return { height, width, dtype: items.every(({ image }) => image.bitDepth === 8) ? 'uint8' : 'float32' };
}

type Counted = Record<'height' | 'width' | 'count', number>;

function isBefore(a: Counted, b: Counted): boolean {
  const [areaA, areaB] = [a.height * a.width, b.height * b.width];
  return a.count !== b.count ? a.count > b.count : areaA !== areaB ? areaA > areaB : a.height > b.height;
}
