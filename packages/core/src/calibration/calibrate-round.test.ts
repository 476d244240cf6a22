import { describe, expect, it } from 'vitest';
import { collectEvidence } from '../ensemble/collect-evidence.js';
import { calibrationSchema, type ItemEvidence, type OutOfFold } from '../schemas/round-artifacts.js';
import oracle from './calibrate-round.oracle.json' with { type: 'json' };
import { calibrateRound, type RoundEvidence } from './calibrate-round.js';

type OracleItem = (typeof oracle.cases)[number]['items'][number];

function evidenceOf({ id, group, fold, votes, scores, labels }: OracleItem): ItemEvidence {
  return collectEvidence({
    id,
    group,
    fold,
    memberClasses: Uint8Array.from(votes.flat()),
    meanScores: Float32Array.from(scores.flatMap((score) => [1 - score, score])),
    labels: Uint8Array.from(labels),
    memberCount: votes.length,
    classCount: 2,
  });
}

function roundOf({ items, foldCount, errorMax, decidedMin }: (typeof oracle.cases)[number]): RoundEvidence {
  const evidence = Array.from({ length: foldCount }, (_, fold): OutOfFold => {
    const held = items.filter((item) => item.fold === fold).map(evidenceOf);
    return { schemaVersion: 1, fold, memberCount: 3, items: held };
  });
  return {
    evidence,
    spec: { map: 'votes', combine: 'calibrate-then-average', weighting: 'pixels' },
    selection: { thresholds: { kind: 'error', errorMax }, decidedMin, emptyItems: 'ignore' },
    classNames: ['background', 'lesion'],
    operatingPoints: [-1, 0, 1],
    seed: 1,
  };
}

const round = roundOf(oracle.cases[0]!);

describe('calibrateRound()', () => {
  it.each(oracle.cases)('agrees with numpy on $name', (expected) => {
    const calibration = calibrateRound(roundOf(expected));
    expect(calibrationSchema.parse(calibration)).toEqual(calibration);
    const closeTo = (values: number[]) => values.map((value) => expect.closeTo(value, 10));
    expect(calibration.shared).toEqual([{ kind: 'votes', probabilities: closeTo(expected.shared) }]);
    expect(calibration.committees.map(({ maps }) => maps[0])).toEqual(
      expected.committees.map((probabilities) => ({ kind: 'votes', probabilities: closeTo(probabilities) })),
    );
    const { before, after } = calibration.report[0]!;
    for (const measure of ['ece', 'brier', 'nll'] as const) {
      expect(before[measure].value).toBeCloseTo(expected.before[measure], 6); // scores are float32
      expect(after[measure].value).toBeCloseTo(expected.after[measure], 10);
    }
    expect(calibration.thresholds[0]).toMatchObject({
      classIndex: 1,
      foregroundMin: expect.closeTo(expected.thresholds.foregroundMin, 12),
      backgroundMax: expect.closeTo(expected.thresholds.backgroundMax, 12),
      basis: {
        errorMean: expect.closeTo(expected.thresholds.errorMean, 10),
        bound: expect.closeTo(expected.thresholds.bound, 10),
      },
    });
  });

  it('gives the same answer twice, and another interval for another seed', () => {
    expect(calibrateRound(round)).toEqual(calibrateRound(round));
    const interval = (seed: number) => calibrateRound({ ...round, seed }).report[0]!.after.ece;
    expect(interval(1).value).toBe(interval(2).value);
    expect(interval(1).low).not.toBe(interval(2).low);
  });

  it.each(['patterns', 'patterns-non-negative'] as const)('fits %s, one weight a member', (map) => {
    const { shared, committees } = calibrateRound({ ...round, spec: { ...round.spec, map } });
    for (const fitted of [...shared, ...committees.flatMap(({ maps }) => maps)]) {
      expect(fitted).toMatchObject({
        kind: 'patterns',
        weights: [expect.any(Number), expect.any(Number), expect.any(Number)],
      });
    }
  });

  it('does not let the held-out items of a fold change the map of its own committee', () => {
    const [first, ...others] = round.evidence;
    const flipped = first!.items.map((item) => ({
      ...item,
      classes: item.classes.map((c) => ({
        ...c,
        patterns: c.patterns.map(([v, n, k]): [number, number, number] => [v, n, n - k]),
      })),
    }));
    const changed = calibrateRound({ ...round, evidence: [{ ...first!, items: flipped }, ...others] });
    expect(changed.committees[0]).toEqual(calibrateRound(round).committees[0]);
    expect(changed.committees[1]).not.toEqual(calibrateRound(round).committees[1]);
  });

  it('uses the shared map where the other folds show no vote', () => {
    const silent = (item: ItemEvidence): ItemEvidence => ({
      ...item,
      classes: [{ classIndex: 1, patterns: [[0, 10, 0]], scores: [[0, 10, 0, 0, 0, 0]] }],
    });
    const [first, ...others] = round.evidence;
    const evidence = [first!, ...others.map((fold) => ({ ...fold, items: fold.items.map(silent) }))];
    const { committees, shared } = calibrateRound({ ...round, evidence });
    expect(committees[0]!.maps).toEqual(shared);
  });

  it('lets every item count the same with weighting items', () => {
    const item = (id: string, pattern: [number, number, number]): ItemEvidence => ({
      id,
      group: id,
      fold: 0,
      classes: [{ classIndex: 1, patterns: [[0, 100, 0], pattern], scores: [[0, 100, 0, 0, 0, 0]] }],
    });
    const evidence = [
      {
        schemaVersion: 1 as const,
        fold: 0,
        memberCount: 1,
        items: [item('large', [1, 900, 900]), item('small', [1, 10, 0])],
      },
      { schemaVersion: 1 as const, fold: 1, memberCount: 1, items: [] },
    ];
    const shared = (weighting: 'items' | 'pixels') =>
      calibrateRound({
        ...round,
        evidence,
        operatingPoints: [0],
        spec: { ...round.spec, weighting },
        selection: { ...round.selection, thresholds: { kind: 'fixed', foregroundMin: 0.9, backgroundMax: 0.1 } },
      }).shared[0];
    expect(shared('items')).toEqual({ kind: 'votes', probabilities: [0, 0.5] });
    expect(shared('pixels')).toEqual({ kind: 'votes', probabilities: [0, 900 / 910] });
  });

  it.each([
    [
      'an error that nine groups cannot promise',
      { selection: { ...round.selection, thresholds: { kind: 'error' as const, errorMax: 0.05 } } },
      'PROMISE_IMPOSSIBLE',
    ],
    ['committees of another size', { operatingPoints: [0] }, 'INVALID_INPUT'],
    ['evidence of one fold twice', { evidence: [round.evidence[0]!, round.evidence[0]!] }, 'INVALID_INPUT'],
    ['no evidence', { evidence: [] }, 'INVALID_INPUT'],
    ['a class that has no evidence', { classNames: ['background', 'lesion', 'cyst'] }, 'INVALID_INPUT'],
  ])('refuses %s', (_, wrong, code) => {
    expect(() => calibrateRound({ ...round, ...wrong })).toThrow(expect.objectContaining({ code }));
  });
});
