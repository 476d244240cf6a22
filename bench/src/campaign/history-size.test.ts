import { defaultPayloadConverter, toPayloads } from '@temporalio/common';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { describe, expect, it } from 'vitest';
import { largestPayload } from './history-size.js';

const payloads = (value: unknown) => ({ payloads: toPayloads(defaultPayloadConverter, value) ?? [] });

describe('largestPayload()', () => {
  it('is the largest of all events, wherever in an event it stands', () => {
    const events = [
      { activityTaskScheduledEventAttributes: { input: payloads('four') } }, // "four" is six bytes of JSON
      { markerRecordedEventAttributes: { details: { data: payloads('x'.repeat(98)) } } },
      { activityTaskCompletedEventAttributes: { result: payloads('') } },
    ];
    expect(largestPayload({ events } as unknown as History)).toBe(100);
  });

  it('is 0 for a history without any', () => {
    expect(largestPayload({ events: [{ eventId: 1 }] } as unknown as History)).toBe(0);
  });
});
