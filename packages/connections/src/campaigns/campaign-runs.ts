import type { TemporalClient } from '../connect-temporal.js';
import type { WorkflowExecutionInfo } from '@temporalio/client';

/** One run of a workflow that belongs to a campaign. */
export type CampaignRunInfo = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'startTime' | 'status' | 'type'>;

/** Every run of a campaign and of its sweeps that Temporal still keeps, in the order in which they began: a round is a run. */
export async function listRuns({ client }: TemporalClient, id: string): Promise<CampaignRunInfo[]> {
  const runs: CampaignRunInfo[] = [];
  const quoted = id.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const query = `WorkflowId = '${quoted}' OR WorkflowId STARTS_WITH '${quoted}/'`;
  for await (const run of client.workflow.list({ query })) runs.push(run);
  return runs.toSorted((a, b) => a.startTime.getTime() - b.startTime.getTime());
}
