import type { Calibration, ItemEvidence } from '../schemas/round-artifacts.js';
import { calibrateRound, type RoundEvidence } from './calibrate-round.js';
import { hasVote } from './pattern-counts.js';
import { isWithinBand, scoreDifferences } from './score-differences.js';

/** Share of the networks that an early exit must save: the extremes are run twice for every item that does not leave. */
const SAVED_MIN = 0.1;

/** Indices of the members of the least and of the greatest operating point. */
export interface Extremes {
  readonly least: number;
  readonly greatest: number;
}

export function extremesOf(operatingPoints: readonly number[]): Extremes {
  const indexOf = (value: number) => operatingPoints.indexOf(value);
  return { least: indexOf(Math.min(...operatingPoints)), greatest: indexOf(Math.max(...operatingPoints)) };
}

/**
 * Calibrates a round of which an early exit was asked for. Members at growing operating points nest, so where those at both
 * ends vote alike the others vote as they do; an item on which they do so at every pixel, in every committee, can leave
 * the sweep behind them. It is taken where it saves networks and scores stay as they are out of fold, and the maps are then
 * fitted on the votes that it leaves.
 *
 * Out of fold one committee alone has not seen an item, so more items leave than in a sweep, where all must agree.
 *
 * @throws {ProbityError} As `calibrateRound`.
 */
export function calibrateWithEarlyExit(round: RoundEvidence): Calibration {
  const { evidence, operatingPoints } = round;
  const extremes = extremesOf(operatingPoints);
  const left = evidence.map(({ items }) => items.map((item) => leftToExtremes(item, extremes, operatingPoints.length)));
  const decisions = left.flat();
  const leaving = decisions.filter((item) => item !== undefined).length / decisions.length;
  const saved = Math.max(0, leaving - 2 / operatingPoints.length);

  const whole = calibrateRound(round);
  if (saved < SAVED_MIN)
    return { ...whole, earlyExit: { used: false, reason: 'saves-little', leaving, saved, differences: [] } };
  const withExit = calibrateRound({
    ...round,
    evidence: evidence.map((fold, f) => ({ ...fold, items: fold.items.map((item, i) => left[f]![i] ?? item) })),
  });
  const differences = scoreDifferences(whole, withExit);
  return isWithinBand(differences)
    ? { ...withExit, earlyExit: { used: true, reason: 'saves', leaving, saved, differences } }
    : { ...whole, earlyExit: { used: false, reason: 'beyond-band', leaving, saved, differences } };
}

/** The item with every member voting as the extremes do; `undefined` where these disagree at a pixel. */
function leftToExtremes(
  item: ItemEvidence,
  { least, greatest }: Extremes,
  memberCount: number,
): ItemEvidence | undefined {
  const patterns = item.classes.flatMap((evidence) => evidence.patterns);
  if (patterns.some(([pattern]) => hasVote(pattern, least) !== hasVote(pattern, greatest))) return undefined;
  const all = 2 ** memberCount - 1;
  return {
    ...item,
    classes: item.classes.map((evidence) => {
      const counts = new Map<number, [number, number]>();
      for (const [pattern, count, trueCount] of evidence.patterns) {
        const unanimous = hasVote(pattern, least) ? all : 0;
        const [pixels, truePixels] = counts.get(unanimous) ?? [0, 0];
        counts.set(unanimous, [pixels + count, truePixels + trueCount]);
      }
      return { ...evidence, patterns: [...counts].map(([pattern, sums]) => [pattern, ...sums]) };
    }),
  };
}
