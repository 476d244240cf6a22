import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { CampaignState } from '@probity/core/schemas/campaign-state';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';

const dataset = defineSearchAttributeKey('ProbityDataset', SearchAttributeType.KEYWORD);
const task = defineSearchAttributeKey('ProbityTask', SearchAttributeType.KEYWORD);
const stage = defineSearchAttributeKey('ProbityStage', SearchAttributeType.KEYWORD);
const round = defineSearchAttributeKey('ProbityRound', SearchAttributeType.INT);
const accepted = defineSearchAttributeKey('ProbityAccepted', SearchAttributeType.INT);
const score = defineSearchAttributeKey('ProbityScore', SearchAttributeType.DOUBLE);

/** Lets Temporal find campaigns by what they are and how far they have come. */
export function publishProgress(spec: Pick<CampaignSpec, 'dataset' | 'task'>, state: CampaignState): void {
  const last = state.rounds.at(-1);
  upsertSearchAttributes([
    { key: dataset, value: spec.dataset },
    { key: task, value: spec.task },
    { key: stage, value: state.stage },
    { key: round, value: state.round },
    ...(last
      ? [
          { key: accepted, value: last.acceptedCount },
          { key: score, value: last.score.value },
        ]
      : []),
  ]);
}
