import { describe, expect, it } from 'vitest';
import { collectEvidence } from '../ensemble/collect-evidence.js';
import { calibrationSchema, type ItemEvidence, type OutOfFold } from '../schemas/round-artifacts.js';
import { calibrateRound, type RoundEvidence } from './calibrate-round.js';
import { calibrateInPrecision } from './choose-precision.js';
import { precisionRemarks, precisionText } from './precision-text.js';
import { SCORE_BAND } from './score-differences.js';

const PIXELS = 4000;
const FOREGROUND = 400;

/** Three members that vote for the first `voted` pixels; the first 400 truly are the class. */
function item(fold: number, name: string, voted: number): ItemEvidence {
  const at = (count: number) => Array.from({ length: PIXELS }, (_, i) => (i < count ? 1 : 0));
  return collectEvidence({
    id: `${fold}-${name}`,
    group: `${fold}-${name}`,
    fold,
    memberClasses: Uint8Array.from([...at(voted), ...at(voted), ...at(voted)]),
    meanScores: Float32Array.from(at(voted).flatMap((vote) => [1 - vote, vote])),
    labels: Uint8Array.from(at(FOREGROUND)),
    memberCount: 3,
    classCount: 2,
  });
}

const held = (fold: number, voted: number): ItemEvidence[] =>
  ['a', 'b', 'c', 'd'].map((name) => item(fold, name, voted));

const rangesOf = (fold: number) => ({ key: `ranges-${fold}.json`, sha256: `${fold}`.repeat(64), bytes: 1 });

/** @param inEightBits Pixels that the members vote for in 8 bits, one a fold. */
function roundOf(inEightBits: readonly (number | undefined)[]): RoundEvidence {
  return {
    evidence: inEightBits.map((voted, fold): OutOfFold => ({
      schemaVersion: 1,
      fold,
      memberCount: 3,
      items: held(fold, 380),
      ...(voted !== undefined && { eightBits: { ranges: rangesOf(fold), items: held(fold, voted) } }),
    })),
    spec: { map: 'votes', combine: 'calibrate-then-average', weighting: 'pixels' },
    selection: { thresholds: { kind: 'error', errorMax: 0.4 }, decidedMin: 0.6, emptyItems: 'ignore' },
    classNames: ['background', 'lesion'],
    operatingPoints: [-1, 0, 1],
    seed: 1,
  };
}

const diceOf = (voted: number): number => (2 * voted) / (voted + FOREGROUND);

describe('calibrateInPrecision()', () => {
  it('calibrates on predictions in 8 bits that score alike', () => {
    const round = roundOf([381, 381]);
    const { precision, ...calibration } = calibrateInPrecision(round);
    expect(precision).toMatchObject({ used: 'int8', ranges: [rangesOf(0), rangesOf(1)] });
    expect(precision!.differences[0]!.dice).toBeCloseTo(diceOf(381) - diceOf(380), 10);
    // One pixel in 4000 more is right, whose squared error was about 1.
    expect(precision!.differences[0]!.brier).toBeCloseTo(-1 / PIXELS, 4);
    const evidence = round.evidence.map((one) => ({ ...one, items: one.eightBits!.items }));
    expect(calibration).toEqual(calibrateRound({ ...round, evidence }));
  });

  it.each([
    ['worse', 370],
    ['better', 390],
  ])('stays in float32 where 8 bits score %s', (_, voted) => {
    const round = roundOf([voted, voted]);
    const found = calibrateInPrecision(round);
    expect(found.precision).toMatchObject({ used: 'float32', reason: 'beyond-band' });
    expect(Math.abs(found.precision!.differences[0]!.dice)).toBeGreaterThan(SCORE_BAND.dice);
    expect({ ...found, precision: undefined }).toEqual({ ...calibrateRound(round), precision: undefined });
    expect(calibrationSchema.parse(found)).toEqual(found);
  });

  it('stays in float32 where one fold was predicted without 8 bits', () => {
    const round = roundOf([381, undefined]);
    const { precision, ...calibration } = calibrateInPrecision(round);
    expect(precision).toEqual({ used: 'float32', reason: 'engine-without', differences: [] });
    expect(calibration).toEqual(calibrateRound(round));
  });
});

describe('precisionText()', () => {
  it('says what was taken, how far it is from float32, and why 8 bits are not used', () => {
    const textOf = (votes: readonly (number | undefined)[]) =>
      precisionText(calibrateInPrecision(roundOf(votes)).precision!);
    const changed = (voted: number) =>
      `class 1 changed by ${(diceOf(voted) - diceOf(380)).toFixed(4)} in Dice (at most 0.005)`;
    expect(textOf([381, 381])).toContain(`predicted with convolutions in 8 bits: ${changed(381)}`);
    expect(textOf([370, 370])).toContain(`predicted in float32 and not in 8 bits: ${changed(370)}`);
    expect(textOf([undefined, 380])).toContain('not every worker that predicted out of fold has them');
  });
});

describe('precisionRemarks()', () => {
  it('are for rounds in which 8 bits were asked for and not used', () => {
    expect(precisionRemarks({}, 0)).toEqual([]);
    expect(precisionRemarks(calibrateInPrecision(roundOf([380, 380])), 0)).toEqual([]);
    const { precision } = calibrateInPrecision(roundOf([undefined, 380]));
    expect(precisionRemarks({ precision }, 2)).toEqual([`round 2 was ${precisionText(precision!)}`]);
  });
});
