import {
  trainMemberResultSchema,
  trainTrunkResultSchema,
  type TrainMemberResult,
  type TrainTrunkResult,
} from '@probity/core/schemas/steps';
import { defaultPayloadConverter } from '@temporalio/common';
import type { TestStack } from './test-stack.js';

export type TrainingAnswer = (TrainTrunkResult | TrainMemberResult) & { readonly attempt: number };

const SCHEMAS = { trainTrunk: trainTrunkResultSchema, trainMember: trainMemberResultSchema };

/** What each training of a trunk or a member answered in the newest run of a campaign, from its history. */
export async function trainingAnswers({ temporal }: TestStack, campaignId: string): Promise<TrainingAnswer[]> {
  const { events } = await temporal.client.workflow.getHandle(campaignId).fetchHistory();
  const eventOf = (id: { toString(): string } | null | undefined) =>
    (events ?? []).find(({ eventId }) => String(eventId) === String(id));
  return (events ?? []).flatMap(({ activityTaskCompletedEventAttributes: completed }) => {
    const name = eventOf(completed?.scheduledEventId)?.activityTaskScheduledEventAttributes?.activityType?.name;
    if (name !== 'trainTrunk' && name !== 'trainMember') return [];
    const { attempt } = eventOf(completed!.startedEventId)!.activityTaskStartedEventAttributes!;
    const answer = SCHEMAS[name].parse(defaultPayloadConverter.fromPayload(completed!.result!.payloads![0]!));
    return [{ ...answer, attempt: attempt! }];
  });
}
