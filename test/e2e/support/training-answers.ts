import { trainFoldResultSchema, type TrainFoldResult } from '@probity/core/schemas/steps';
import { defaultPayloadConverter } from '@temporalio/common';

import type { TestStack } from './test-stack.js';

/** What each fold's training answered in the newest run of a campaign, from its history. */
export async function trainingAnswers({ temporal }: TestStack, campaignId: string): Promise<TrainFoldResult[]> {
  const { events } = await temporal.client.workflow.getHandle(campaignId).fetchHistory();
  return (events ?? []).flatMap(({ activityTaskCompletedEventAttributes: completed }) => {
    const scheduled = (events ?? []).find(({ eventId }) => eventId?.equals(completed?.scheduledEventId ?? 0));
    if (scheduled?.activityTaskScheduledEventAttributes?.activityType?.name !== 'trainFold') return [];
    return [trainFoldResultSchema.parse(defaultPayloadConverter.fromPayload(completed!.result!.payloads![0]!))];
  });
}
