import { IGNORED_LABEL } from '../ensemble/collect-evidence.js';
import { requireInput } from '../errors.js';

/** Pixels of one class, for one image or summed over several. */
export interface Overlap {
  readonly intersection: number;
  readonly predicted: number;
  readonly truth: number;
}

/**
 * Counts the pixels of a class in prediction and truth; pixels whose truth is 255 (ignore) are left out.
 *
 * @param prediction Shape (pixels,), class indices.
 * @param truth Shape (pixels,), class indices or 255.
 * @throws {ProbityError} `INVALID_INPUT` for shapes that disagree.
 */
export function countOverlap(prediction: Uint8Array, truth: Uint8Array, classIndex: number): Overlap {
  requireInput(
    prediction.length === truth.length,
    `Cannot compare masks: ${prediction.length} and ${truth.length} pixels`,
  );
  let [intersection, predicted, actual] = [0, 0, 0];
  for (let x = 0; x < truth.length; x++) {
    if (truth[x] === IGNORED_LABEL) continue;
    const isPredicted = prediction[x] === classIndex;
    const isTrue = truth[x] === classIndex;
    if (isPredicted) predicted += 1;
    if (isTrue) actual += 1;
    if (isPredicted && isTrue) intersection += 1;
  }
  return { intersection, predicted, truth: actual };
}

/**
 * Dice coefficient 2·|P ∩ T| / (|P| + |T|), 0 to 1.
 *
 * @returns `undefined` where neither mask shows the class: there is nothing to agree on, and a 1 would reward images
 *   without objects. One mask alone gives 0.
 * @see Dice 1945
 */
export function diceOf({ intersection, predicted, truth }: Overlap): number | undefined {
  return predicted + truth === 0 ? undefined : (2 * intersection) / (predicted + truth);
}

/** Intersection over union (Jaccard index), 0 to 1; `undefined` as in `diceOf`. */
export function iouOf({ intersection, predicted, truth }: Overlap): number | undefined {
  return predicted + truth === 0 ? undefined : intersection / (predicted + truth - intersection);
}
