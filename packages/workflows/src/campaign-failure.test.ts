import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, RetryState } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { campaignFailure } from './campaign-failure.js';

const diverged = ApplicationFailure.nonRetryable('Cannot train fold 1', 'TRAINING_DIVERGED', { step: 7 });
const ofActivity = (cause: Error) =>
  new ActivityFailure('Activity task failed', 'trainFold', '1', RetryState.NON_RETRYABLE_FAILURE, 'w', cause);
const ofChild = (cause: Error) =>
  new ChildWorkflowFailure(
    'default',
    { workflowId: 'c', runId: 'r' },
    'sweepWorkflow',
    RetryState.NON_RETRYABLE_FAILURE,
    cause,
  );

describe('campaignFailure()', () => {
  it.each([
    ['a step', ofActivity(diverged)],
    ['a step of a sweep', ofChild(ofActivity(diverged))],
  ])('keeps code, message and details of %s that failed', (_, error) => {
    expect(campaignFailure(error)).toMatchObject({
      type: 'TRAINING_DIVERGED',
      message: 'Cannot train fold 1',
      nonRetryable: true,
      details: [{ step: 7 }],
      cause: error,
    });
  });

  it('leaves what is no failure of a step', () => {
    const bug = new Error('Bug: it cannot be');
    expect(campaignFailure(bug)).toBe(bug);
    expect(campaignFailure(diverged)).toBe(diverged);
  });
});
