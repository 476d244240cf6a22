import { defaultPayloadConverter, toPayloads } from '@temporalio/common';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { describe, expect, it } from 'vitest';
import { readSteps } from './read-steps.js';

const payloads = (value: unknown) => ({ payloads: toPayloads(defaultPayloadConverter, value) ?? [] });
const at = (seconds: number) => ({ seconds: seconds as never, nanos: 0 }); // a Long on the wire, a number will do

/** A fold that was tried twice, a result that was found, and a step under way. */
const history = {
  events: [
    {
      eventId: 5,
      eventTime: at(10),
      activityTaskScheduledEventAttributes: {
        activityType: { name: 'trainMember' },
        input: payloads({ round: 1, fold: 2, operatingPoint: -1 }),
      },
    },
    {
      eventId: 6,
      eventTime: at(12),
      activityTaskStartedEventAttributes: {
        scheduledEventId: 5,
        attempt: 2,
        lastFailure: {
          message: 'Activity task failed',
          cause: { message: 'its process ended', applicationFailureInfo: { type: 'JOB_KILLED' } },
        },
      },
    },
    {
      eventId: 7,
      eventTime: at(20),
      activityTaskCompletedEventAttributes: {
        scheduledEventId: 5,
        result: payloads({ inputHash: 'abc', reused: false, busyMilliseconds: 7000, waitedMilliseconds: 35 }),
      },
    },
    {
      eventId: 8,
      eventTime: at(20),
      activityTaskScheduledEventAttributes: {
        activityType: { name: 'sweepShard' },
        input: payloads({ round: 1, shard: 0 }),
      },
    },
    { eventId: 9, eventTime: at(21), activityTaskStartedEventAttributes: { scheduledEventId: 8, attempt: 1 } },
    {
      eventId: 10,
      eventTime: at(22),
      activityTaskFailedEventAttributes: {
        scheduledEventId: 8,
        failure: { message: 'Cannot', applicationFailureInfo: { type: 'ARTIFACT_MISSING' } },
      },
    },
    {
      eventId: 11,
      eventTime: at(23),
      activityTaskScheduledEventAttributes: { activityType: { name: 'evaluateRound' }, input: payloads({ round: 1 }) },
    },
  ],
} as unknown as History; // events carry only what is read

describe('readSteps()', () => {
  it('tells of each step its attempts, what went wrong before, and what it depends on', () => {
    const [trained] = readSteps(history);
    expect(trained).toMatchObject({
      name: 'trainMember',
      round: 1,
      fold: 2,
      operatingPoint: -1,
      state: 'done',
      attempts: 2,
      inputHash: 'abc',
      reused: false,
      busyMilliseconds: 7000,
      waitedMilliseconds: 35,
    });
    expect(trained!.failure).toEqual({ code: 'JOB_KILLED', message: 'its process ended' });
    expect(trained!.scheduledAt).toBe('1970-01-01T00:00:10.000Z');
  });

  it('tells a failed step from one that waits', () => {
    const [, swept, evaluated] = readSteps(history);
    expect(swept).toMatchObject({ state: 'failed', shard: 0, failure: { code: 'ARTIFACT_MISSING' } });
    expect(evaluated).toMatchObject({ state: 'waiting', attempts: 0, startedAt: undefined });
  });

  it('reads an empty history as no steps', () => {
    expect(readSteps({})).toEqual([]);
  });
});
