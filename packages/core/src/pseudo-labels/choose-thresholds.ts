import { requireInput } from '../errors.js';
import type { SelectionSpec } from '../schemas/campaign-spec.js';
import type { Thresholds } from '../schemas/round-artifacts.js';
import { LEVEL_COUNT, LEVEL_MAX, levelOf } from './probability-levels.js';
import { requirePromise } from './promise-limit.js';

/** λ = (step + ½) / 255, so that no level stands on a threshold; at step 126 λ is just below ½. Foreground from 1 − λ, background to λ. */
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
 * `fixed` takes the stated thresholds. `error` takes the loosest thresholds whose expected errors are promised to stay
 * within α = errorMax, each by itself: the largest step with n/(n+1) · R̂ + 1/(n+1) ≤ α over n groups
 * (cross-validation conformal risk control). R̂ is the mean over groups of a loss between 0 and 1:
 *
 * - **foreground**: the share of the pixels decided as foreground that are not the class. A handful of pixels must not
 *   rule, so the denominator never falls below decidedMin of the pixels that any member votes for.
 * - **background**: the share of the group's true pixels of the class that are decided as background: what would be
 *   taught as absent. Background that is background counts in no denominator, or it would make any promise easy.
 *
 * The two are apart on purpose. Tied to one λ, the objects that nobody saw (p̂ near 0) would be all that is decided at
 * strict λ, and no λ would hold. A group without votes, or without the class, has loss 0. The losses are made monotone
 * by their maximum over all stricter steps, as the theorem needs.
 *
 * The promise is for a new group that is exchangeable with the labelled ones, for this class, for the predictions of
 * one committee; the pool is labelled by the average of all committees, whose Brier score is no worse.
 *
 * Where not even the strictest step keeps the promise, that threshold is set beyond the reach of any probability:
 * nothing of the class is accepted, and the basis shows a `bound` above `errorMax`. `errorMean` and `bound` are those of
 * the worse of the two.
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

  const bound = (risk: number) => (groups.length * risk + 1) / (groups.length + 1);
  const loosest = (lossAt: GroupLoss) => {
    const risks = meanLosses(groups, lossAt);
    const step = risks.findLastIndex((risk) => bound(risk) <= errorMax + 1e-12);
    // Nothing is decided at NOTHING, so its own bound would always hold: the first step that fails says why.
    return { risk: risks[Math.max(0, step)]!, lambda: ((step < 0 ? NOTHING : step) + 0.5) / LEVEL_MAX };
  };
  const foreground = loosest(falseForeground(decidedMin));
  const background = loosest(missedForeground);
  const errorMean = Math.max(foreground.risk, background.risk);
  return {
    classIndex,
    foregroundMin: 1 - foreground.lambda,
    backgroundMax: background.lambda,
    basis: { kind: 'error', errorMax, errorMean, bound: bound(errorMean), groups: groups.length },
  };
}

/** Pixels of one group: per probability level, shape (256,), and how many any member votes for. */
interface GroupLevels {
  readonly counts: Float64Array;
  readonly trueCounts: Float64Array;
  votedCount: number;
}

/** The loss of one group when `step` more levels than the strictest are decided; called with growing steps. */
type GroupLoss = (group: GroupLevels) => (step: number) => number;

function gatherGroups(counts: readonly CalibratedCount[]): GroupLevels[] {
  const byGroup = new Map<string, GroupLevels>();
  for (const { group, probability, count, trueCount, voted } of counts) {
    const levels = byGroup.get(group) ?? {
      counts: new Float64Array(LEVEL_COUNT),
      trueCounts: new Float64Array(LEVEL_COUNT),
      votedCount: 0,
    };
    const level = levelOf(probability);
    levels.counts[level]! += count;
    if (voted) levels.votedCount += count;
    levels.trueCounts[level]! += trueCount;
    byGroup.set(group, levels);
  }
  return [...byGroup.values()];
}

const falseForeground =
  (decidedMin: number): GroupLoss =>
  ({ counts, trueCounts, votedCount }) => {
    let [decided, wrong] = [0, 0];
    return (step) => {
      const level = LEVEL_MAX - step;
      decided += counts[level]!;
      wrong += counts[level]! - trueCounts[level]!;
      const denominator = Math.max(decided, decidedMin * votedCount);
      return denominator > 0 ? wrong / denominator : 0;
    };
  };

const missedForeground: GroupLoss = ({ trueCounts }) => {
  const all = trueCounts.reduce((sum, count) => sum + count, 0);
  let missed = 0;
  return (step) => {
    missed += trueCounts[step]!;
    return all > 0 ? missed / all : 0;
  };
};

/** R̂ of every step 0 … STEP_MAX, not falling. */
function meanLosses(groups: readonly GroupLevels[], lossOf: GroupLoss): number[] {
  const risks = Array.from({ length: STEP_MAX + 1 }, () => 0);
  for (const group of groups) {
    const lossAt = lossOf(group);
    let lossMax = 0;
    for (let step = 0; step <= STEP_MAX; step++) {
      lossMax = Math.max(lossMax, lossAt(step));
      risks[step]! += lossMax / groups.length;
    }
  }
  return risks;
}
