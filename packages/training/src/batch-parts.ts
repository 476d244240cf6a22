import { hasCode, ProbityError } from '@probity/core/errors';

/** Images that are computed at once where a batch is cut into so many parts. */
export const imagesOfPart = (batchSize: number, parts: number): number => Math.ceil(batchSize / parts);

/** Parts of so many images that a batch has; the last may be shorter. */
export const partCount = (batchSize: number, images: number): number => Math.ceil(batchSize / images);

/**
 * Into how many parts a batch is cut next, when a part did not fit into a device's memory: parts of half as many images.
 *
 * @param error What computing in `parts` parts failed with; any but `OUT_OF_MEMORY` is thrown again.
 * @param batch.title What was computed, for the message: `train fold 2`.
 * @throws {ProbityError} `OUT_OF_MEMORY` when a part was one image already.
 */
export function halvedParts(
  error: unknown,
  { parts, batchSize, title }: { parts: number; batchSize: number; title: string },
): number {
  if (!hasCode(error, 'OUT_OF_MEMORY')) throw error;
  const images = imagesOfPart(batchSize, parts);
  if (images === 1) {
    const advice =
      'Let nothing else run on the device, or lower model.baseWidth, model.depth or the size of input, or use fewer jobs (PROBITY_JOB_SLOTS)';
    throw new ProbityError('OUT_OF_MEMORY', `Cannot ${title}: the device's memory does not hold one image. ${advice}`, {
      details: { batchSize, parts },
      cause: error,
    });
  }
  return partCount(batchSize, Math.ceil(images / 2));
}
