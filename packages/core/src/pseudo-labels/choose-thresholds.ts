import { requireInput } from '../errors.js';
import type { SelectionSpec } from '../schemas/campaign-spec.js';
import type { Thresholds } from '../schemas/round-artifacts.js';
import { LEVEL_COUNT, LEVEL_MAX, levelOf } from './probability-levels.js';
import { requirePromise } from './promise-limit.js';

/** λ = (step + ½) / 255, so that no level stands on a threshold; at step 126 λ is just below ½ and all is decided. */
const STEP_MAX = 126;
/** The step that decides nothing. */
const NOTHING = -1;

/** Pixels of one group that share a calibrated out-of-fold probability, for one class against the rest. */
export interface CalibratedCount {
  readonly group: string;
  /** 0 to 1, from a map that was not fitted on this group. */
  readonly probability: number;
  readonly count: number;
  readonly trueCount: number;
  /** Whether any member votes for the class on these pixels. */
  readonly voted: boolean;
}

export interface ThresholdRequest {
  readonly classIndex: number;
  readonly counts: readonly CalibratedCount[];
  readonly selection: Pick<SelectionSpec, 'thresholds' | 'decidedMin'>;
}

/**
 * Chooses from which calibrated probability on a pixel is taught as foreground, and up to which as background.
 *
 * `fixed` takes the stated thresholds. `error` takes the loosest λ, foreground where p̂ ≥ 1 − λ, background where
 * p̂ ≤ λ, whose expected error is promised to stay within α = errorMax: the largest λ < ½ with
 * n/(n+1) · R̂(λ) + 1/(n+1) ≤ α over n groups (cross-validation conformal risk control).
 *
 * R̂ is the mean over groups of the loss. The **loss of a group** is wrong / decided within its possible foreground U:
 * the pixels on which a member votes for the class or which truly are the class. Background that every member
 * recognises counts in neither, or it would make any promise easy; an object that nobody saw counts in both, as wrong.
 * Where less than decidedMin of U is decided, items would not be accepted and a handful of pixels must not rule: the
 * denominator is then decidedMin · |U|. A group without possible foreground has loss 0. The loss is made monotone by
 * its maximum over all stricter λ, as the theorem needs.
 *
 * The promise is for a new group that is exchangeable with the labelled ones, for this class, for the predictions of
 * one committee; the pool is labelled by the average of all committees, whose Brier score is no worse.
 *
 * Where not even the strictest λ that decides anything keeps the promise, the thresholds are set beyond the reach of
 * any probability: nothing is labelled for that class, and the basis shows a `bound` above `errorMax`.
 * Cost: O(groups · (pixels' distinct probabilities + 127)).
 *
 * @throws {ProbityError} `PROMISE_IMPOSSIBLE` where 1/(n+1) > α; `INVALID_INPUT` without groups.
 * @see Angelopoulos et al. 2024, arXiv:2208.02814; Cohen et al. 2024, arXiv:2401.11974 (cross-validation)
 */
export function chooseThresholds({ classIndex, counts, selection }: ThresholdRequest): Thresholds {
  const { thresholds, decidedMin } = selection;
  if (thresholds.kind === 'fixed') {
    const { foregroundMin, backgroundMax } = thresholds;
    return { classIndex, foregroundMin, backgroundMax, basis: { kind: 'fixed' } };
  }
  const { errorMax } = thresholds;
  const groups = gatherGroups(counts);
  requireInput(groups.length > 0, 'Cannot choose thresholds: no labelled groups');
  requirePromise(errorMax, groups.length);

  const risks = meanLosses(groups, decidedMin);
  const bound = (risk: number) => (groups.length * risk + 1) / (groups.length + 1);
  const step = risks.findLastIndex((risk) => bound(risk) <= errorMax + 1e-12);
  // Nothing is decided at NOTHING, so its own bound would always hold: the first step that fails says why.
  const errorMean = risks[Math.max(0, step)]!;
  const lambda = ((step < 0 ? NOTHING : step) + 0.5) / LEVEL_MAX;
  return {
    classIndex,
    foregroundMin: 1 - lambda,
    backgroundMax: lambda,
    basis: { kind: 'error', errorMax, errorMean, bound: bound(errorMean), groups: groups.length },
  };
}

/** Per probability level, within U: pixels, and pixels that truly are the class. Shape (256,) each. */
interface GroupLevels {
  readonly counts: Float64Array;
  readonly trueCounts: Float64Array;
}

function gatherGroups(counts: readonly CalibratedCount[]): GroupLevels[] {
  const byGroup = new Map<string, GroupLevels>();
  for (const { group, probability, count, trueCount, voted } of counts) {
    const levels = byGroup.get(group) ?? {
      counts: new Float64Array(LEVEL_COUNT),
      trueCounts: new Float64Array(LEVEL_COUNT),
    };
    const level = levelOf(probability);
    levels.counts[level]! += voted ? count : trueCount;
    levels.trueCounts[level]! += trueCount;
    byGroup.set(group, levels);
  }
  return [...byGroup.values()];
}

/** R̂ of every step 0 … STEP_MAX, not falling. */
function meanLosses(groups: readonly GroupLevels[], decidedMin: number): number[] {
  const risks = Array.from({ length: STEP_MAX + 1 }, () => 0);
  for (const { counts, trueCounts } of groups) {
    const possible = counts.reduce((sum, count) => sum + count, 0);
    let [decided, wrong, lossMax] = [0, 0, 0];
    for (let step = 0; step <= STEP_MAX; step++) {
      const foreground = LEVEL_MAX - step; // the level that this step adds at the top, and `step` at the bottom
      decided += counts[foreground]! + counts[step]!;
      wrong += counts[foreground]! - trueCounts[foreground]! + trueCounts[step]!;
      const denominator = Math.max(decided, decidedMin * possible);
      if (denominator > 0) lossMax = Math.max(lossMax, wrong / denominator);
      risks[step]! += lossMax / groups.length;
    }
  }
  return risks;
}
