import { rangeGraph, readRanges, type ConvolutionRange } from '@probity/tfjs-graph/eight-bits/convolution-ranges';
import type { PreparedItems } from '../items.js';
import { committeeGraph, type CommitteeRequest } from './committee.js';

/** Images of which the ranges are taken: more widen them little. */
const IMAGES_MAX = 64;

/**
 * What goes into the convolutions of a committee and what comes out, over images that it was trained on, evenly from first
 * to last, the same whatever the size of a batch. Every batch is full: an image of nothing would widen a range.
 */
export async function measureRanges(
  request: Omit<CommitteeRequest, 'items' | 'ranges'> & {
    readonly items: Pick<PreparedItems, 'ids' | 'images' | 'height' | 'width' | 'channels'>;
  },
): Promise<ConvolutionRange[]> {
  const { items, batchSize, engine } = request;
  const count = items.ids.length;
  const imageSize = items.images.length / count;
  const takenCount = Math.min(count, IMAGES_MAX);
  const taken = Array.from({ length: Math.ceil(takenCount / batchSize) * batchSize }, (_, i) =>
    Math.floor(((i % takenCount) * count) / takenCount),
  );
  const executable = await engine.compile(rangeGraph(committeeGraph(request)));
  try {
    let ranges: ConvolutionRange[] | undefined;
    for (let first = 0; first < taken.length; first += batchSize) {
      const images = new Float32Array(batchSize * imageSize);
      taken
        .slice(first, first + batchSize)
        .forEach((item, i) =>
          images.set(items.images.subarray(item * imageSize, (item + 1) * imageSize), i * imageSize),
        );
      ranges = readRanges(await executable.run({ images }), ranges);
    }
    return ranges ?? [];
  } finally {
    await executable.dispose();
  }
}
