import type { TemporalClient } from '@probity/connections/connect-temporal';
import { CAMPAIGN_WORKFLOW } from '@probity/workflows/messages';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { statusOf, type CampaignStatus } from './read-campaign.js';

export interface CampaignListing {
  readonly id: string;
  readonly status: CampaignStatus;
  readonly dataset: string | undefined;
  readonly task: string | undefined;
  readonly stage: string | undefined;
  readonly round: number | undefined;
  /** Test score of the last finished round. */
  readonly score: number | undefined;
  /** Pool items that the last finished round accepted. */
  readonly acceptedCount: number | undefined;
  /** Of the round under way, or of the last one; ISO 8601. */
  readonly roundStartedAt: string;
}

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const KEYS = {
  dataset: keyword('ProbityDataset'),
  task: keyword('ProbityTask'),
  stage: keyword('ProbityStage'),
  round: defineSearchAttributeKey('ProbityRound', SearchAttributeType.INT),
  accepted: defineSearchAttributeKey('ProbityAccepted', SearchAttributeType.INT),
  score: defineSearchAttributeKey('ProbityScore', SearchAttributeType.DOUBLE),
};

/** Every campaign that Temporal knows, the newest first. Each round is a run of the workflow; the last one speaks. */
export async function listCampaigns({ client }: TemporalClient): Promise<CampaignListing[]> {
  const campaigns: CampaignListing[] = [];
  const query = `WorkflowType = '${CAMPAIGN_WORKFLOW}' AND ExecutionStatus != 'ContinuedAsNew'`;
  for await (const { workflowId, status, startTime, typedSearchAttributes: attributes } of client.workflow.list({
    query,
  })) {
    campaigns.push({
      id: workflowId,
      status: statusOf(status.name),
      dataset: attributes.get(KEYS.dataset),
      task: attributes.get(KEYS.task),
      stage: attributes.get(KEYS.stage),
      round: attributes.get(KEYS.round),
      score: attributes.get(KEYS.score),
      acceptedCount: attributes.get(KEYS.accepted),
      roundStartedAt: startTime.toISOString(),
    });
  }
  return campaigns.toSorted((a, b) => (a.roundStartedAt < b.roundStartedAt ? 1 : -1));
}
