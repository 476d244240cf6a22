import { requireInput } from '../errors.js';
import {
  addPixels,
  addScores,
  calibrationErrorOf,
  createCalibrationSums,
  type CalibrationSums,
} from '../metrics/calibration-sums.js';
import { chooseThresholds, type CalibratedCount } from '../pseudo-labels/choose-thresholds.js';
import type { CalibrationSpec, SelectionSpec } from '../schemas/campaign-spec.js';
import type { Calibration, ItemEvidence, OutOfFold, ProbabilityMap } from '../schemas/round-artifacts.js';
import { applyMap } from './apply-map.js';
import { fitNonNegativePatternMap, fitPatternMap } from './fit-pattern-map.js';
import { fitVoteMap } from './fit-vote-map.js';
import { memberDice } from './member-dice.js';
import { poolPatterns, type PatternCount } from './pattern-counts.js';

const FITS: Record<CalibrationSpec['map'], (counts: readonly PatternCount[], memberCount: number) => ProbabilityMap> = {
  votes: fitVoteMap,
  patterns: fitPatternMap,
  'patterns-non-negative': fitNonNegativePatternMap,
};

export interface RoundEvidence {
  /** One entry a fold: what the fold's committee says of the items it never saw. */
  readonly evidence: readonly OutOfFold[];
  readonly spec: CalibrationSpec;
  readonly selection: SelectionSpec;
  /** Index = class index, class 0 included. */
  readonly classNames: readonly string[];
  readonly operatingPoints: readonly number[];
  readonly seed: number;
}

/**
 * Calibrates a round from its out-of-fold evidence: a map for each committee and foreground class, shared maps,
 * thresholds, the calibration error before and after, and the Dice of each member.
 *
 * The map of committee f is fitted on the items of the **other** folds, so that no map is judged, and no threshold
 * chosen, on pixels it was fitted on. Where the other folds show no vote for a class, the shared map of all folds is
 * used for it. With `average-then-calibrate` the shared maps are applied to the members' averages over the
 * folds (the paper's way); thresholds and report are from the committees' maps in both cases.
 *
 * `before` is the committees' mean softmax, `after` the maps' probabilities, over the same pixels: all that are not
 * ignored. With `weighting: items` the maps weigh items alike; the errors are pooled over pixels in any case.
 *
 * @throws {ProbityError} `PROMISE_IMPOSSIBLE` for an error that so few groups cannot promise; `INVALID_INPUT` for
 *   evidence without pixels, of unequal committees, or of one fold twice.
 * @see Buddenkotte et al. 2023, arXiv:2209.09563
 */
export function calibrateRound(round: RoundEvidence): Calibration {
  const { evidence, spec, selection, classNames, operatingPoints, seed } = round;
  requireEvidence(round);
  const classIndices = classNames.map((_, i) => i).slice(1);
  const items = evidence.flatMap((outOfFold) => outOfFold.items);
  const fit = (from: readonly ItemEvidence[], classIndex: number) =>
    FITS[spec.map](poolPatterns(from, { classIndex, weighting: spec.weighting }), operatingPoints.length);

  const shared = classIndices.map((classIndex) => fit(items, classIndex));
  const committees = evidence.map(({ fold }) => {
    const others = evidence.filter((other) => other.fold !== fold).flatMap((other) => other.items);
    const maps = classIndices.map((classIndex, i) =>
      hasVotes(others, classIndex) ? fit(others, classIndex) : shared[i]!,
    );
    return { fold, maps };
  });
  const mapOf = (fold: number, classIndex: number) =>
    committees.find((committee) => committee.fold === fold)!.maps[classIndex - 1]!;

  const thresholds = classIndices.map((classIndex) => {
    const counts = evidence.flatMap(({ fold, items: held }) =>
      calibratedCounts(held, { classIndex, map: mapOf(fold, classIndex) }),
    );
    return chooseThresholds({ classIndex, counts, selection });
  });
  const report = classIndices.map((classIndex) => {
    const { before, after } = sumByGroup(evidence, { classIndex, mapOf: (fold) => mapOf(fold, classIndex) });
    return {
      classIndex,
      before: calibrationErrorOf(before, seed),
      after: calibrationErrorOf(after, seed),
      members: memberDice(items, { classIndex, operatingPoints, seed }),
    };
  });
  return {
    schemaVersion: 1,
    operatingPoints: [...operatingPoints],
    combine: spec.combine,
    committees,
    shared,
    thresholds,
    report,
  };
}

function calibratedCounts(
  items: readonly ItemEvidence[],
  { classIndex, map }: { classIndex: number; map: ProbabilityMap },
): CalibratedCount[] {
  return items.flatMap((item) =>
    patternsOf(item, classIndex).map(([pattern, count, trueCount]) => ({
      group: item.group,
      probability: applyMap(map, pattern),
      count,
      trueCount,
      voted: pattern !== 0,
    })),
  );
}

function sumByGroup(
  evidence: readonly OutOfFold[],
  { classIndex, mapOf }: { classIndex: number; mapOf: (fold: number) => ProbabilityMap },
): { before: CalibrationSums[]; after: CalibrationSums[] } {
  const byGroup = new Map<string, { before: CalibrationSums; after: CalibrationSums }>();
  for (const { fold, items } of evidence) {
    for (const item of items) {
      const sums = byGroup.get(item.group) ?? { before: createCalibrationSums(), after: createCalibrationSums() };
      byGroup.set(item.group, sums);
      addScores(sums.before, classOf(item, classIndex).scores);
      for (const [pattern, count, trueCount] of patternsOf(item, classIndex)) {
        addPixels(sums.after, { probability: applyMap(mapOf(fold), pattern), count, trueCount });
      }
    }
  }
  const groups = [...byGroup].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sums]) => sums);
  return { before: groups.map(({ before }) => before), after: groups.map(({ after }) => after) };
}

function hasVotes(items: readonly ItemEvidence[], classIndex: number): boolean {
  return items.some((item) => patternsOf(item, classIndex).some(([pattern]) => pattern !== 0));
}

function patternsOf(item: ItemEvidence, classIndex: number): ItemEvidence['classes'][number]['patterns'] {
  return classOf(item, classIndex).patterns;
}

function classOf(item: ItemEvidence, classIndex: number): ItemEvidence['classes'][number] {
  const found = item.classes.find((evidence) => evidence.classIndex === classIndex);
  requireInput(found !== undefined, `Cannot calibrate: item "${item.id}" has no evidence of class ${classIndex}`);
  return found;
}

function requireEvidence({ evidence, operatingPoints, classNames }: RoundEvidence): void {
  const unequal = evidence.find(({ memberCount }) => memberCount !== operatingPoints.length);
  requireInput(
    unequal === undefined,
    `Cannot calibrate: fold ${unequal?.fold} has ${unequal?.memberCount} members, the campaign has ${operatingPoints.length}`,
  );
  requireInput(
    new Set(evidence.map(({ fold }) => fold)).size === evidence.length,
    'Cannot calibrate: evidence of one fold came twice',
  );
  requireInput(classNames.length >= 2, `Cannot calibrate: ${classNames.length} classes, must be 2 or more`);
}
