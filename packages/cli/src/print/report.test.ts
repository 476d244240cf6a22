import { describe, expect, it } from 'vitest';
import type { RoundRow } from '@probity/core/rounds/campaign-report';
import type { StudentReport } from '../campaigns/report-campaign.js';
import { renderRounds, renderStudent } from './report.js';

const interval = (value: number) => ({ value, low: value - 0.01, high: value + 0.01, level: 0.95 });
const row = (model: 'ensemble' | 'student', dice: number, ece: number): StudentReport['rows'][number] => ({
  className: 'cyst',
  model,
  dice: interval(dice),
  error: { ece: interval(ece), brier: interval(0.03), nll: interval(0.1), bins: [] },
});
const report: StudentReport = {
  round: 2,
  score: { ensemble: interval(0.8), student: interval(0.7) },
  difference: interval(-0.1),
  labelledCount: 12,
  poolCount: 264,
  rows: [row('ensemble', 0.8, 0.02), row('student', 0.7, 0.04)],
};

const round: RoundRow = {
  round: 0,
  marks: ['control'],
  score: interval(0.8),
  eceBefore: interval(0.2),
  eceAfter: interval(0.1),
  labelledCount: 6,
  poolCount: 1200,
  acceptedCount: 900,
  ignoredCount: 299,
  setAsideCount: 1,
  seconds: 60,
};

describe('renderRounds()', () => {
  it('counts what left early only where something may', () => {
    expect(renderRounds([round], 'segmentation')).not.toContain('left early');
    const [title, first, second] = renderRounds(
      [round, { ...round, round: 1, leftEarlyCount: 1024 }],
      'segmentation',
    ).split('\n');
    expect(title).toMatch(/set aside +left early +time$/);
    expect(first).toMatch(/ 299 +1 +1 min$/);
    expect(second).toMatch(/ 299 +1 +1,024 +1 min$/);
  });
});

describe('renderStudent()', () => {
  it('sets the student below its ensemble, each with its intervals', () => {
    expect(renderStudent(report, 'segmentation').split('\n')).toEqual([
      "Student, taught by the ensemble of round 2 on 264 pool items, and on 12 labelled items: test Dice 0.700 [0.690, 0.710], -0.100 [-0.110, -0.090] against the ensemble's 0.800 [0.790, 0.810]",
      'class  model     Dice                  Brier score              calibration error',
      'cyst   ensemble  0.800 [0.790, 0.810]  0.0300 [0.0200, 0.0400]  0.0200 [0.0100, 0.0300]',
      'cyst   student   0.700 [0.690, 0.710]  0.0300 [0.0200, 0.0400]  0.0400 [0.0300, 0.0500]',
      'Both on the locked test set. Ensemble: calibrated probabilities. Student: its softmax as it comes',
    ]);
  });

  it('has no column of Dice for a classification', () => {
    const text = renderStudent(report, 'classification');
    expect(text).toContain('test accuracy 0.700');
    expect(text).not.toContain('Dice');
  });
});
