import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  campaignStateSchema,
  type CampaignState,
  type RoundSummary,
  type StudentSummary,
} from '../schemas/campaign-state.js';
import {
  afterCancel,
  afterOpen,
  afterRejection,
  afterRound,
  afterStudent,
  beginStage,
  beginStudent,
  bestRound,
  initialState,
  setPaused,
  type RoundEnd,
} from './campaign-state.js';

const ref = { key: 'k', sha256: '0'.repeat(64), bytes: 1 };
const interval = (value: number) => ({ value, low: value, high: value, level: 0.95 });

function summary(round: number, changes: Partial<RoundSummary> = {}): RoundSummary {
  const measured = { score: interval(0.8), eceBefore: interval(0.1), eceAfter: interval(0.05), seconds: 12 };
  const counts = { poolCount: 10, acceptedCount: 4, ignoredCount: 5, setAsideCount: 1, selections: [] };
  return { round, ...measured, ...counts, folds: [ref], calibration: ref, version: ref, evaluation: ref, ...changes };
}

const end = (changes: Partial<RoundEnd> = {}): RoundEnd => ({
  spec: { rounds: { max: 2, stopWhenWorseBy: 0.05 } },
  stopRequested: false,
  rejected: false,
  ...changes,
});
const opened = afterOpen(initialState(), ref);
const inRound = (round: number): CampaignState => ({ ...opened, round });

describe('afterOpen()', () => {
  it('keeps the plan and begins to prepare round 0', () => {
    expect(opened).toEqual({ round: 0, stage: 'preparing', paused: false, plan: ref, rounds: [] });
  });

  it('takes a second call for a bug', () => {
    expect(() => afterOpen(opened, ref)).toThrow('Bug');
  });
});

describe('afterRound()', () => {
  it('begins the next round', () => {
    expect(afterRound(opened, summary(0), end())).toMatchObject({
      round: 1,
      stage: 'preparing',
      rounds: [{ round: 0 }],
    });
  });

  it('leaves the state it was given as it was', () => {
    const before = structuredClone(opened);
    afterRound(opened, summary(0), end());
    expect(opened).toEqual(before);
  });

  it.each<[string, number, Partial<RoundSummary> & { end?: Partial<RoundEnd> }]>([
    ['rejected', 1, { end: { rejected: true, stopRequested: true } }],
    ['stopped-by-user', 1, { acceptedCount: 0, end: { stopRequested: true } }],
    ['worse-than-control', 1, { difference: interval(-0.0501) }],
    ['pool-empty', 0, { poolCount: 3, setAsideCount: 3, acceptedCount: 0 }],
    ['nothing-accepted', 0, { acceptedCount: 0 }],
    ['rounds-max', 2, {}],
  ])('ends with %s', (stopReason, round, { end: endChanges, ...changes }) => {
    const state = afterRound(inRound(round), summary(round, changes), end(endChanges));
    expect(state).toMatchObject({ stopReason, stage: 'finished', round });
  });

  it('goes on when the score is below the control arm by exactly the limit', () => {
    expect(afterRound(inRound(1), summary(1, { difference: interval(-0.05) }), end()).stopReason).toBeUndefined();
  });

  it('ends after round 0 when no pseudo-label round is wanted', () => {
    const noRounds = end({ spec: { rounds: { max: 0, stopWhenWorseBy: 0.05 } } });
    expect(afterRound(opened, summary(0), noRounds).stopReason).toBe('rounds-max');
  });

  it('takes a summary of another round for a bug', () => {
    expect(() => afterRound(opened, summary(1), end())).toThrow('Bug: round 1 ends while round 0 is under way');
  });

  it('always ends within rounds.max + 1 rounds, with a state that obeys the schema', () => {
    const outcome = fc.record({
      acceptedCount: fc.integer({ min: 1, max: 9 }),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.nat(6), fc.array(outcome, { minLength: 7, maxLength: 7 }), (max, outcomes) => {
        let state = opened;
        while (state.stopReason === undefined) {
          const { acceptedCount, score } = outcomes[state.round]!;
          const spec = { rounds: { max, stopWhenWorseBy: 0.05 } };
          state = afterRound(state, summary(state.round, { acceptedCount, score: interval(score) }), end({ spec }));
        }
        expect(campaignStateSchema.parse(state)).toEqual(state);
        expect(state.rounds).toHaveLength(max + 1);
      }),
    );
  });
});

describe('a campaign that ended', () => {
  const ended = afterRejection(beginStage(opened, 'gate'));

  it('was rejected without a summary', () => {
    expect(ended).toMatchObject({ stopReason: 'rejected', stage: 'finished', rounds: [] });
  });

  it('keeps its reason when it is cancelled', () => {
    expect(afterCancel(ended).stopReason).toBe('rejected');
    expect(afterCancel(setPaused(opened, true))).toMatchObject({ stopReason: 'cancelled', paused: false });
  });

  it('goes on only by a bug', () => {
    expect(() => beginStage(ended, 'training')).toThrow('Bug');
    expect(() => setPaused(ended, true)).toThrow('Bug');
    expect(() => afterRound(ended, summary(0), end())).toThrow('Bug');
  });
});

describe('a student', () => {
  const noRounds = { rounds: { max: 0, stopWhenWorseBy: 0.05 } };
  const model = { kind: 'unet', baseWidth: 4, depth: 2, normalisation: 'none' } as const;
  const asked = end({ spec: { ...noRounds, student: { steps: 9, model } } });
  const ended = afterRound(opened, summary(0), asked);
  const student: StudentSummary = {
    round: 0,
    score: interval(0.7),
    difference: interval(-0.1),
    labelledCount: 4,
    poolCount: 10,
    seconds: 3,
    student: ref,
    onnx: ref,
    evaluation: ref,
  };

  it('keeps its campaign under way until it is there, and then the rounds have ended as they had', () => {
    const distilling = beginStudent(ended);
    expect(distilling).toMatchObject({ stage: 'distilling', rounds: [{ round: 0 }] });
    expect(distilling.stopReason).toBeUndefined();
    expect(setPaused(distilling, true).paused).toBe(true);
    const finished = afterStudent(setPaused(distilling, true), student, 'rounds-max');
    expect(finished).toEqual({ ...ended, student });
    expect(campaignStateSchema.parse(finished)).toEqual(finished);
  });

  it('is held where the last round was paused; without one the pause ends with the campaign', () => {
    const paused = setPaused(opened, true);
    expect(beginStudent(afterRound(paused, summary(0), asked)).paused).toBe(true);
    expect(afterRound(paused, summary(0), end({ spec: noRounds })).paused).toBe(false);
  });

  it('that is cancelled leaves the rounds as they are', () => {
    expect(afterCancel(beginStudent(ended))).toMatchObject({ stopReason: 'cancelled', rounds: [{ round: 0 }] });
  });

  it('is begun before the rounds have ended, or made twice, only by a bug', () => {
    expect(() => beginStudent(opened)).toThrow('Bug');
    expect(() => afterStudent(ended, student, 'rounds-max')).toThrow('Bug');
  });
});

describe('bestRound()', () => {
  it('is absent before the first round has ended', () => {
    expect(bestRound(opened)).toBeUndefined();
  });

  it('is the round of the highest score, the earlier one on a tie', () => {
    const rounds = [0.7, 0.9, 0.9].map((score, round) => summary(round, { score: interval(score) }));
    expect(bestRound({ rounds })?.round).toBe(1);
  });
});
