import type { CampaignRow } from '@probity/core/schemas/api/campaigns';
import { CAMPAIGN_WORKFLOW } from '@probity/workflows/messages';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { TemporalClient } from '../connect-temporal.js';
import { statusOf } from './read-campaign.js';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const KEYS = {
  dataset: keyword('ProbityDataset'),
  task: keyword('ProbityTask'),
  stage: keyword('ProbityStage'),
  round: defineSearchAttributeKey('ProbityRound', SearchAttributeType.INT),
  accepted: defineSearchAttributeKey('ProbityAccepted', SearchAttributeType.INT),
  score: defineSearchAttributeKey('ProbityScore', SearchAttributeType.DOUBLE),
};

/** Every campaign that Temporal knows, the newest first. @throws {ProbityError} `STACK_DOWN` */
export async function listCampaigns({ client }: TemporalClient): Promise<CampaignRow[]> {
  const runs = new Map<string, WorkflowExecutionInfo[]>();
  for await (const run of client.workflow.list({ query: `WorkflowType = '${CAMPAIGN_WORKFLOW}'` }))
    runs.set(run.workflowId, [...(runs.get(run.workflowId) ?? []), run]);
  return [...runs.values()].map(rowOf).toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

/** One campaign from its runs: a round that is over handed on to the next run. An older campaign of the same id is past. */
function rowOf(runs: readonly WorkflowExecutionInfo[]): CampaignRow {
  const [newest, ...older] = runs.toSorted((a, b) => b.startTime.getTime() - a.startTime.getTime());
  const handedOn = older.findIndex(({ status }) => status.name !== 'CONTINUED_AS_NEW');
  const first = older.slice(0, handedOn === -1 ? older.length : handedOn).at(-1) ?? newest!;
  const { workflowId, status, closeTime, typedSearchAttributes: attributes } = newest!;
  return withoutUndefined({
    id: workflowId,
    status: statusOf(status.name),
    dataset: attributes.get(KEYS.dataset),
    task: attributes.get(KEYS.task),
    stage: attributes.get(KEYS.stage),
    round: attributes.get(KEYS.round),
    score: attributes.get(KEYS.score),
    acceptedCount: attributes.get(KEYS.accepted),
    startedAt: first.startTime.toISOString(),
    endedAt: closeTime?.toISOString(),
  });
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** Absent rather than undefined, as the schema of a row wants it. */
function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
