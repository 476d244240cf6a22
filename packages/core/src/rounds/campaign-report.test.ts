import { describe, expect, it } from 'vitest';
import type { CampaignState, RoundSummary } from '../schemas/campaign-state.js';
import { formatDifference, formatInterval, reportCampaign } from './campaign-report.js';

const ref = { key: 'k', sha256: '0'.repeat(64), bytes: 1 };
const interval = (value: number) => ({ value, low: value - 0.01, high: value + 0.02, level: 0.95 });

function summary(round: number, score: number): RoundSummary {
  const difference = round === 0 ? {} : { difference: interval(score - 0.8) };
  const measured = {
    score: interval(score),
    ...difference,
    eceBefore: interval(0.1),
    eceAfter: interval(0.05),
    seconds: 60,
  };
  const counts = { poolCount: 100, acceptedCount: 40, ignoredCount: 59, setAsideCount: 1, selections: [] };
  return { round, ...measured, ...counts, folds: [ref], calibration: ref, version: ref, evaluation: ref };
}

const finished: CampaignState = {
  round: 2,
  stage: 'finished',
  paused: false,
  rounds: [summary(0, 0.8), summary(1, 0.9), summary(2, 0.85)],
  stopReason: 'rounds-max',
};

describe('reportCampaign()', () => {
  it('has one row a finished round, the control arm and the best one marked', () => {
    const { rows } = reportCampaign(finished, { labelledCount: 6 });
    expect(rows.map(({ round, marks }) => [round, ...marks])).toEqual([[0, 'control'], [1, 'best'], [2]]);
    expect(rows[1]).toMatchObject({
      labelledCount: 6,
      acceptedCount: 40,
      difference: { value: expect.closeTo(0.1, 12) },
    });
    expect(rows[0]).not.toHaveProperty('difference');
    expect(rows[0]).not.toHaveProperty('leftEarlyCount');
    const leaving = { ...finished, rounds: [{ ...summary(0, 0.8), leftEarlyCount: 7 }] };
    expect(reportCampaign(leaving, { labelledCount: 6 }).rows[0]).toHaveProperty('leftEarlyCount', 7);
  });

  it('marks round 0 twice where no round beat it', () => {
    expect(reportCampaign({ ...finished, rounds: [summary(0, 0.8)] }, { labelledCount: 6 }).rows[0]!.marks).toEqual([
      'control',
      'best',
    ]);
  });

  it('says how the campaign ended and which round to use', () => {
    expect(reportCampaign(finished, { labelledCount: 6 }).outcome).toBe(
      'All rounds are done; round 1 has the best test score',
    );
  });

  it('says where a campaign stands that has not finished a round', () => {
    const running: CampaignState = { round: 0, stage: 'training', paused: true, rounds: [] };
    expect(reportCampaign(running, { labelledCount: 6 })).toEqual({ rows: [], outcome: 'Round 0 is training, paused' });
    expect(reportCampaign({ ...running, stopReason: 'cancelled' }, { labelledCount: 6 }).outcome).toBe('Cancelled');
  });
});

describe('formatInterval() and formatDifference()', () => {
  it('write a value with its interval', () => {
    expect(formatInterval(interval(0.9123))).toBe('0.912 [0.902, 0.932]');
    expect(formatInterval(interval(0.9123), 1)).toBe('0.9 [0.9, 0.9]');
    expect(formatDifference(interval(-0.005))).toBe('-0.005 [-0.015, +0.015]');
  });
});
