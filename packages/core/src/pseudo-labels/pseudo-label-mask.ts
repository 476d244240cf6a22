import { IGNORED_LABEL } from '../ensemble/collect-evidence.js';
import { requireInput } from '../errors.js';
import type { Thresholds } from '../schemas/round-artifacts.js';
import { LEVEL_MAX, levelThresholds } from './probability-levels.js';

export interface PseudoLabel {
  /** Shape (pixels,): the decided class, or the best guess where nothing is decided. */
  readonly classes: Uint8Array;
  /** Shape (pixels,): 255 where nothing is decided, else 0. */
  readonly ignore: Uint8Array;
}

/**
 * Turns calibrated probabilities into what a round is taught: a class a pixel, and where to look away.
 *
 * A pixel is decided as foreground class c where p̂_c reaches c's foreground threshold, the most probable such class
 * and the lower index on a tie; it is decided as background where every p̂_c is at or below its background threshold.
 * Elsewhere it is ignored, and the mask holds the best guess: the most probable class, background taken as 1 − Σ p̂_c.
 * Cost: O(pixels · classes).
 *
 * @param levels Per foreground class, shape (pixels,): p̂ in 8 bits, 255 = probability 1.
 * @param thresholds One a foreground class, in the same order.
 * @throws {ProbityError} `INVALID_INPUT` for shapes that disagree.
 */
export function pseudoLabelMask(levels: readonly Uint8Array[], thresholds: readonly Thresholds[]): PseudoLabel {
  const pixels = levels[0]?.length ?? 0;
  requireInput(
    levels.length > 0 && levels.length === thresholds.length && levels.every(({ length }) => length === pixels),
    `Cannot make pseudo-label: ${levels.length} probability maps and ${thresholds.length} thresholds, or maps of different sizes`,
  );
  const limits = thresholds.map(levelThresholds);
  const classes = new Uint8Array(pixels);
  const ignore = new Uint8Array(pixels);
  for (let x = 0; x < pixels; x++) {
    let [decided, decidedLevel, likeliest, likeliestLevel, sum, isBackground] = [0, -1, 0, -1, 0, true];
    for (let i = 0; i < levels.length; i++) {
      const level = levels[i]![x]!;
      sum += level;
      if (level > limits[i]!.background) isBackground = false;
      if (level > likeliestLevel) [likeliest, likeliestLevel] = [i + 1, level];
      if (level >= limits[i]!.foreground && level > decidedLevel) [decided, decidedLevel] = [i + 1, level];
    }
    if (decided > 0) classes[x] = decided;
    else if (!isBackground) {
      ignore[x] = IGNORED_LABEL;
      classes[x] = likeliestLevel > LEVEL_MAX - sum ? likeliest : 0;
    }
  }
  return { classes, ignore };
}
