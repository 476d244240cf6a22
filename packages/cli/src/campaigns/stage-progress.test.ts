import { describe, expect, it } from 'vitest';
import type { CampaignState, Stage } from '@probity/core/schemas/campaign-state';
import { describeJob, describeStage } from './stage-progress.js';

const state = (stage: Stage, changes: Partial<CampaignState> = {}): CampaignState => ({
  round: 1,
  stage,
  paused: false,
  rounds: [],
  ...changes,
});
const spec = { gate: 'automatic', rounds: { max: 2, stopWhenWorseBy: 0.1 } } as const;

describe('describeStage()', () => {
  it.each<[Stage, Partial<CampaignState>, string]>([
    ['training', {}, 'round 1 of 2, training (stage 2 of 6)'],
    ['sweeping', { paused: true }, 'round 1 of 2, sweeping (stage 4 of 6), paused'],
    ['distilling', {}, 'the rounds are done, a student learns from their ensemble'],
    ['distilling', { paused: true }, 'the rounds are done, a student learns from their ensemble, paused'],
    ['finished', {}, 'finished'],
  ])('says of %s %o: %s', (stage, changes, expected) => {
    expect(describeStage(state(stage, changes), spec)).toBe(expected);
  });
});

describe('describeJob()', () => {
  it('names the part that is trained', () => {
    const progress = { round: 1, done: 1, total: 2, unit: 'steps', perSecond: 1 } as const;
    expect(describeJob({ job: 'train', fold: 2, part: 'w=-1', ...progress })).toBe('train fold 2, w=-1');
    expect(describeJob({ job: 'train', part: 'student', ...progress })).toBe('train, student');
  });
});
