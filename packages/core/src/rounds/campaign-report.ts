import type { CampaignState } from '../schemas/campaign-state.js';
import type { Interval } from '../schemas/round-artifacts.js';
import { bestRound } from './campaign-state.js';

/** One round as a person sees it, ready to be set in a table. */
export interface RoundRow {
  readonly round: number;
  /** `control` for round 0, `best` for the round to use, both for a round 0 that nothing beat. */
  readonly marks: readonly ('control' | 'best')[];
  /** Test score, 0 to 1, and its difference against the control arm; the latter is absent in round 0. */
  readonly score: Interval;
  readonly difference?: Interval;
  readonly eceBefore: Interval;
  readonly eceAfter: Interval;
  /** Items that people labelled. */
  readonly labelledCount: number;
  readonly poolCount: number;
  readonly acceptedCount: number;
  readonly ignoredCount: number;
  readonly setAsideCount: number;
  /** Pool items that only the first members saw; absent where no early exit was asked for. */
  readonly leftEarlyCount?: number;
  readonly seconds: number;
}

export interface CampaignReport {
  readonly rows: readonly RoundRow[];
  /** What came of it, in a sentence; or where it stands. */
  readonly outcome: string;
}

const ENDINGS: Record<NonNullable<CampaignState['stopReason']>, string> = {
  'rounds-max': 'All rounds are done',
  'stopped-by-user': 'Stopped after the round, as asked',
  rejected: 'The last round was rejected at the gate',
  'nothing-accepted': 'No pool item was sure enough to be taught',
  'pool-empty': 'No readable item is left in the pool',
  'worse-than-control': 'The last round fell below the control arm',
  cancelled: 'Cancelled',
};

/**
 * The rows of a campaign's report: score and calibration error with their intervals, counts and time of each finished
 * round, and how the campaign ended. The numbers are as measured; how many digits are shown is the caller's choice.
 */
export function reportCampaign(state: CampaignState, { labelledCount }: { labelledCount: number }): CampaignReport {
  const best = bestRound(state)?.round;
  const rows = state.rounds.map((summary): RoundRow => {
    const {
      round,
      score,
      difference,
      eceBefore,
      eceAfter,
      poolCount,
      acceptedCount,
      ignoredCount,
      setAsideCount,
      leftEarlyCount,
      seconds,
    } = summary;
    const marks = [...(round === 0 ? (['control'] as const) : []), ...(round === best ? (['best'] as const) : [])];
    const counts = { labelledCount, poolCount, acceptedCount, ignoredCount, setAsideCount };
    return {
      round,
      marks,
      score,
      ...(difference !== undefined && { difference }),
      eceBefore,
      eceAfter,
      ...counts,
      ...(leftEarlyCount !== undefined && { leftEarlyCount }),
      seconds,
    };
  });
  return { rows, outcome: describeOutcome(state, best) };
}

function describeOutcome({ stopReason, round, stage, paused }: CampaignState, best: number | undefined): string {
  if (stopReason === undefined) return `Round ${round} is ${stage}${paused ? ', paused' : ''}`;
  return best === undefined ? ENDINGS[stopReason] : `${ENDINGS[stopReason]}; round ${best} has the best test score`;
}

/** `0.912 [0.874, 0.941]`: a value with its interval, in `digits` decimals. */
export function formatInterval({ value, low, high }: Interval, digits = 3): string {
  return `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

/** As `formatInterval`, with a sign: `+0.013 [-0.002, +0.028]`. */
export function formatDifference({ value, low, high }: Interval, digits = 3): string {
  const signed = (number: number) => `${number < 0 ? '-' : '+'}${Math.abs(number).toFixed(digits)}`;
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}
