import { requireInput } from '../errors.js';
import type { ItemEvidence } from '../schemas/round-artifacts.js';

/** Score bins of the evidence have width 1/50: fine enough that any coarser report can be made from them. */
export const SCORE_BIN_COUNT = 50;

/** The probability of what came true is clipped to this before a logarithm: a float32 knows no finer distance to 1. */
export const PROBABILITY_FLOOR = 1e-7;

/** Pixels with this label are left out of every count. */
export const IGNORED_LABEL = 255;

/** Rounding of a float32 mean of softmaxes stays far below this. */
const SCORE_TOLERANCE = 1e-4;

export interface OutOfFoldPrediction {
  readonly id: string;
  readonly group: string;
  /** Fold whose held-out part the item stands in; its committee never saw the item's group. */
  readonly fold: number;
  /** Shape (members, pixels): the class each member chooses. */
  readonly memberClasses: Uint8Array;
  /** Shape (pixels, classes): softmax averaged over the members, 0 to 1. */
  readonly meanScores: Float32Array;
  /** Shape (pixels,): class indices, 255 = ignore. */
  readonly labels: Uint8Array;
  /** At most 15: a pattern is a bit set. */
  readonly memberCount: number;
  /** Class 0 included. */
  readonly classCount: number;
}

/**
 * Counts what calibration needs to know of one item: per foreground class c (one against the rest) how many pixels
 * show each vote pattern v and how many of them are truly c (n_v and k_v), and reliability bins of the committee's
 * mean softmax q with Brier and log-likelihood sums.
 *
 * Sufficient for every map and error that Probity fits, and a few kilobytes where the item has thousands of pixels.
 * Pass out-of-fold predictions only: on items that the members were trained on, the counts flatter them.
 * Cost: O(pixels · (members + classes)) time, O(classes · 2^members) memory.
 *
 * An item whose pixels are all ignored yields classes with no counts.
 *
 * @throws {ProbityError} `INVALID_INPUT` for shapes that disagree, a class out of range, or a score that is not in [0, 1].
 * @see Buddenkotte et al. 2023, arXiv:2209.09563 (patterns of operating points)
 */
export function collectEvidence(prediction: OutOfFoldPrediction): ItemEvidence {
  requireShapes(prediction);
  const { id, group, fold, classCount } = prediction;
  const classes = Array.from({ length: classCount - 1 }, (_, i) => {
    const classIndex = i + 1;
    return { classIndex, patterns: countPatterns(prediction, classIndex), scores: binScores(prediction, classIndex) };
  });
  return { id, group, fold, classes };
}

function countPatterns(
  { memberClasses, labels, memberCount }: OutOfFoldPrediction,
  classIndex: number,
): [number, number, number][] {
  const pixels = labels.length;
  const counts = new Float64Array(2 ** memberCount);
  const trueCounts = new Float64Array(2 ** memberCount);
  for (let x = 0; x < pixels; x++) {
    const label = labels[x]!;
    if (label === IGNORED_LABEL) continue;
    let pattern = 0;
    for (let member = 0; member < memberCount; member++) {
      if (memberClasses[member * pixels + x] === classIndex) pattern |= 1 << member;
    }
    counts[pattern]! += 1;
    if (label === classIndex) trueCounts[pattern]! += 1;
  }
  const found: [number, number, number][] = [];
  counts.forEach((count, pattern) => {
    if (count > 0) found.push([pattern, count, trueCounts[pattern]!]);
  });
  return found;
}

type ScoreBin = [
  bin: number,
  pixels: number,
  scoreSum: number,
  truePixels: number,
  squaredErrorSum: number,
  nllSum: number,
];

function binScores({ meanScores, labels, classCount }: OutOfFoldPrediction, classIndex: number): ScoreBin[] {
  const bins = Array.from({ length: SCORE_BIN_COUNT }, (_, bin): ScoreBin => [bin, 0, 0, 0, 0, 0]);
  for (let x = 0; x < labels.length; x++) {
    const label = labels[x]!;
    if (label === IGNORED_LABEL) continue;
    const score = Math.min(1, Math.max(0, meanScores[x * classCount + classIndex]!));
    const truth = label === classIndex ? 1 : 0;
    const bin = bins[Math.min(SCORE_BIN_COUNT - 1, Math.floor(score * SCORE_BIN_COUNT))]!;
    bin[1] += 1;
    bin[2] += score;
    bin[3] += truth;
    bin[4] += (score - truth) ** 2;
    bin[5] -= Math.log(Math.max(PROBABILITY_FLOOR, truth === 1 ? score : 1 - score));
  }
  return bins.filter(([, pixels]) => pixels > 0);
}

function requireShapes({ id, memberClasses, meanScores, labels, memberCount, classCount }: OutOfFoldPrediction): void {
  const refuse = (found: string) => `Cannot collect evidence of item "${id}": ${found}`;
  requireInput(memberCount >= 1 && memberCount <= 15, refuse(`${memberCount} members, must be 1 to 15`));
  requireInput(classCount >= 2 && classCount <= 255, refuse(`${classCount} classes, must be 2 to 255`));
  requireInput(labels.length > 0, refuse('no pixels'));
  requireInput(
    memberClasses.length === memberCount * labels.length,
    refuse(`${memberClasses.length} votes for ${memberCount} members and ${labels.length} pixels`),
  );
  requireInput(
    meanScores.length === labels.length * classCount,
    refuse(`${meanScores.length} scores for ${labels.length} pixels and ${classCount} classes`),
  );
  requireInput(
    labels.every((label) => label < classCount || label === IGNORED_LABEL),
    refuse(`a label is neither below ${classCount} nor ${IGNORED_LABEL}`),
  );
  requireInput(
    memberClasses.every((vote) => vote < classCount),
    refuse(`a vote is not below ${classCount}`),
  );
  requireInput(
    meanScores.every((score) => score >= -SCORE_TOLERANCE && score <= 1 + SCORE_TOLERANCE),
    refuse('a score is not in [0, 1]'),
  );
}
