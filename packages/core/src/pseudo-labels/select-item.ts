import { requireInput } from '../errors.js';
import type { SelectionSpec } from '../schemas/campaign-spec.js';
import type { Thresholds } from '../schemas/round-artifacts.js';
import { LEVEL_COUNT, LEVEL_MAX, levelThresholds } from './probability-levels.js';

export interface SelectionRequest {
  /** Per foreground class, pixels a probability level; shape (classes − 1, 256). */
  readonly histograms: readonly (readonly number[])[];
  /** One a foreground class, in the same order. */
  readonly thresholds: readonly Thresholds[];
  readonly selection: Pick<SelectionSpec, 'decidedMin' | 'emptyItems'>;
}

export interface ItemSelection {
  readonly state: 'accepted' | 'ignored';
  /** Why an item is ignored. */
  readonly reason?: 'undecided' | 'empty';
  /** Decided share of the possible foreground, 0 to 1; 1 where nothing may be foreground. */
  readonly decided: number;
  /** Mean calibrated probability of the decided foreground; of the background where nothing may be foreground. Absent where nothing is decided. */
  readonly confidence?: number;
}

/**
 * Decides whether an item of the pool is taught in the next round.
 *
 * Its **possible foreground** is every pixel, class by class, whose p̂ lies above the class's background threshold; of
 * these the ones at or above the foreground threshold are decided. The item is accepted when at least `decidedMin` of
 * its possible foreground is decided. Background, which is most of an image and easy, counts in neither, so that an
 * image with one doubtful object is not accepted for its empty surroundings. An item without possible foreground is
 * empty, and `emptyItems` says what becomes of it.
 *
 * For a classification the item has one pixel a class; class 0 is chosen where no other class is possible.
 * Cost: O(classes · 256).
 *
 * @throws {ProbityError} `INVALID_INPUT` for shapes that disagree or an item without pixels.
 */
export function selectItem({ histograms, thresholds, selection }: SelectionRequest): ItemSelection {
  requireHistograms(histograms, thresholds);
  let [possible, decided, decidedSum] = [0, 0, 0];
  histograms.forEach((histogram, i) => {
    const { foreground, background } = levelThresholds(thresholds[i]!);
    for (let level = background + 1; level < LEVEL_COUNT; level++) {
      possible += histogram[level]!;
      if (level < foreground) continue;
      decided += histogram[level]!;
      decidedSum += (histogram[level]! * level) / LEVEL_MAX;
    }
  });
  if (possible === 0) {
    const empty = { decided: 1, confidence: backgroundConfidence(histograms) };
    return selection.emptyItems === 'accept'
      ? { state: 'accepted', ...empty }
      : { state: 'ignored', reason: 'empty', ...empty };
  }
  const share = decided / possible;
  const confidence = decided > 0 ? { confidence: decidedSum / decided } : {};
  // Without a decided pixel there is nothing to teach, even at decidedMin 0.
  if (decided > 0 && share >= selection.decidedMin) return { state: 'accepted', decided: share, ...confidence };
  return { state: 'ignored', reason: 'undecided', decided: share, ...confidence };
}

/** 1 − mean p̂ of the class that is least surely absent. */
function backgroundConfidence(histograms: readonly (readonly number[])[]): number {
  const means = histograms.map((histogram) => {
    const pixels = histogram.reduce((sum, count) => sum + count, 0);
    return histogram.reduce((sum, count, level) => sum + (count * level) / LEVEL_MAX, 0) / pixels;
  });
  return 1 - Math.max(...means);
}

function requireHistograms(histograms: readonly (readonly number[])[], thresholds: readonly Thresholds[]): void {
  requireInput(
    histograms.length === thresholds.length && histograms.length > 0,
    `Cannot select item: ${histograms.length} histograms and ${thresholds.length} thresholds`,
  );
  for (const histogram of histograms) {
    requireInput(
      histogram.length === LEVEL_COUNT,
      `Cannot select item: a histogram has ${histogram.length} levels, must be ${LEVEL_COUNT}`,
    );
    requireInput(
      histogram.some((count) => count > 0),
      'Cannot select item: a histogram has no pixels',
    );
  }
}
