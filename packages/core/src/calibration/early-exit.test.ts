import { describe, expect, it } from 'vitest';
import { calibrationSchema, type ItemEvidence } from '../schemas/round-artifacts.js';
import { calibrateRound, type RoundEvidence } from './calibrate-round.js';
import { calibrateWithEarlyExit, extremesOf } from './early-exit.js';
import { earlyExitRemarks, earlyExitText } from './early-exit-text.js';

type Patterns = ItemEvidence['classes'][number]['patterns'];

const ALL = 0b11111;
/** Seen by every member, and rightly. */
const clear: Patterns = [
  [ALL, 90, 88],
  [0, 910, 2],
];
/** The members at the ends disagree at 40 pixels. */
const doubtful: Patterns = [
  [ALL, 60, 58],
  [0b11000, 40, 20],
  [0, 900, 3],
];
/** The ends agree, and a member in between stands alone at 6 pixels. */
const odd: Patterns = [
  [ALL, 90, 88],
  [0b00100, 6, 0],
  [0, 904, 2],
];
const oddAndOften: Patterns = [
  [ALL, 90, 88],
  [0b00100, 200, 90],
  [0, 710, 2],
];

const item = (fold: number, id: string, patterns: Patterns): ItemEvidence => ({
  id: `${fold}-${id}`,
  group: `${fold}-${id}`,
  fold,
  classes: [{ classIndex: 1, patterns, scores: [[1, 1000, 20, 90, 60, 200]] }],
});

function roundOf(items: readonly Patterns[], operatingPoints = [-2, -1, 0, 1, 2]): RoundEvidence {
  return {
    evidence: [0, 1].map((fold) => ({
      schemaVersion: 1,
      fold,
      memberCount: operatingPoints.length,
      items: items.map((patterns, i) => item(fold, String(i), patterns)),
    })),
    spec: { map: 'votes', combine: 'calibrate-then-average', weighting: 'items' },
    selection: {
      thresholds: { kind: 'fixed', foregroundMin: 0.7, backgroundMax: 0.3 },
      decidedMin: 0.6,
      emptyItems: 'ignore',
    },
    classNames: ['background', 'lesion'],
    operatingPoints,
    seed: 1,
  };
}

describe('extremesOf()', () => {
  it('finds the ends wherever they stand in the list', () => {
    expect(extremesOf([-1, 0, 1])).toEqual({ least: 0, greatest: 2 });
    expect(extremesOf([0, 3, -3, 1])).toEqual({ least: 2, greatest: 1 });
    expect(extremesOf([0.5])).toEqual({ least: 0, greatest: 0 });
  });
});

describe('calibrateWithEarlyExit()', () => {
  it('is taken where most items are without doubt, and changes nothing where members nest', () => {
    const round = roundOf([clear, clear, clear, clear, doubtful]);
    const { earlyExit, ...calibration } = calibrateWithEarlyExit(round);
    expect(earlyExit).toMatchObject({ used: true, reason: 'saves', leaving: 0.8 });
    expect(earlyExit!.saved).toBeCloseTo(0.8 - 2 / 5, 10);
    expect(earlyExit!.differences).toEqual([{ classIndex: 1, dice: 0, brier: 0 }]);
    expect(calibration).toEqual(calibrateRound(round));
  });

  it('calibrates the votes that it leaves: a member alone between the ends counts as they do', () => {
    const round = roundOf([odd, clear, clear, clear, doubtful]);
    const found = calibrateWithEarlyExit(round);
    expect(found.earlyExit).toMatchObject({ used: true, leaving: 0.8 });
    const silenced: Patterns = [
      [ALL, 90, 88],
      [0, 910, 2],
    ]; // 904 + 6 pixels without votes, in one entry
    const { report, committees } = calibrateRound(roundOf([silenced, clear, clear, clear, doubtful]));
    expect(found.report).toEqual(report);
    expect(found.committees).toEqual(committees);
    expect(calibrationSchema.parse(found)).toEqual(found);
  });

  it('is not taken where that would change scores', () => {
    const round = roundOf([oddAndOften, oddAndOften, oddAndOften, oddAndOften, doubtful]);
    const { earlyExit, ...calibration } = calibrateWithEarlyExit(round);
    expect(earlyExit).toMatchObject({ used: false, reason: 'beyond-band', leaving: 0.8 });
    expect(calibration).toEqual(calibrateRound(round));
  });

  it.each([
    ['no item leaves', [doubtful, doubtful], undefined],
    ['half of the items leave, and the ends are two members of five', [clear, doubtful], undefined],
    ['there are no members between the ends', [clear, clear], [-1, 1]],
  ])('is not taken where %s', (_, items, operatingPoints) => {
    const patterns = items.map((one): Patterns => (operatingPoints ? one.map(([p, ...n]) => [p & 0b11, ...n]) : one));
    const round = roundOf(patterns, operatingPoints);
    const { earlyExit, ...calibration } = calibrateWithEarlyExit(round);
    expect(earlyExit).toMatchObject({ used: false, reason: 'saves-little', differences: [] });
    expect(calibration).toEqual(calibrateRound(round));
  });

  it('holds an item back for one pixel of one class', () => {
    const round = roundOf([clear, clear, clear, clear]);
    const twoClasses = {
      ...round,
      classNames: ['background', 'lesion', 'vessel'],
      evidence: round.evidence.map((fold) => ({
        ...fold,
        items: fold.items.map((one, i) => ({
          ...one,
          classes: [
            ...one.classes,
            {
              ...one.classes[0]!,
              classIndex: 2,
              patterns: (i === 0
                ? [
                    [0b10000, 1, 1],
                    [0, 999, 0],
                  ]
                : [
                    [ALL, 2, 2],
                    [0, 998, 0],
                  ]) as Patterns,
            },
          ],
        })),
      })),
    };
    expect(calibrateWithEarlyExit(twoClasses).earlyExit!.leaving).toBe(0.75);
  });
});

describe('earlyExitText()', () => {
  it('says how many leave, what it saves, and why there is none', () => {
    const textOf = (items: readonly Patterns[]) => earlyExitText(calibrateWithEarlyExit(roundOf(items)).earlyExit!);
    expect(textOf([clear, clear, clear, clear, doubtful])).toMatch(
      /^swept with an early exit: out of fold 80 % .* saves about 40 % of the networks; class 1 changed by 0\.0000 in Dice/,
    );
    expect(textOf([doubtful])).toMatch(
      /^swept without an early exit: out of fold 0 % .*; that saves too few networks$/,
    );
    expect(textOf(Array.from({ length: 5 }, () => oddAndOften))).toMatch(
      /^swept without an early exit: .*class 1 changed/,
    );
  });

  it('is a remark of the report where it was asked for and not taken', () => {
    const of = (items: readonly Patterns[]) => earlyExitRemarks(calibrateWithEarlyExit(roundOf(items)), 2);
    expect(of([doubtful])[0]).toMatch(/^round 2 was swept without an early exit/);
    expect(of([clear, clear, clear, clear, doubtful])).toEqual([]);
    expect(earlyExitRemarks({}, 2)).toEqual([]);
  });
});
