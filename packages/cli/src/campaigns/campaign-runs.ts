import type { TemporalClient } from '@probity/connections/connect-temporal';
import type { WorkflowExecutionInfo } from '@temporalio/client';

/** One run of a workflow that belongs to a campaign. */
export type CampaignRunInfo = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'startTime' | 'status' | 'type'>;

/** Every run of a campaign and of its sweeps that Temporal still keeps, in the order in which they began: a round is a run. */
export async function listRuns({ client }: TemporalClient, id: string): Promise<CampaignRunInfo[]> {
  const runs: CampaignRunInfo[] = [];
  const query = `WorkflowId = '${id}' OR WorkflowId STARTS_WITH '${id}/'`;
  for await (const run of client.workflow.list({ query })) runs.push(run);
  return runs.toSorted((a, b) => a.startTime.getTime() - b.startTime.getTime());
}
