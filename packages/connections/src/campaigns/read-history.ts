import type { TemporalClient } from '../connect-temporal.js';
import { readSteps, type CampaignStep } from '@probity/workflows/history/read-steps';
import { listRuns } from './campaign-runs.js';
import { describeCampaign } from './read-campaign.js';
import { stepsOf } from './running-steps.js';

/** A step as it went, in the run that asked for it. */
export interface HistoryStep extends CampaignStep {
  readonly workflowId: string;
  readonly runId: string;
}

/** Every step of a campaign, sweeps included, in the order in which they were asked for. @throws {ProbityError} `CAMPAIGN_MISSING` */
export async function readHistory(temporal: TemporalClient, id: string): Promise<HistoryStep[]> {
  await describeCampaign(temporal, id);
  const steps: HistoryStep[] = [];
  for (const { workflowId, runId, status } of await listRuns(temporal, id)) {
    const handle = temporal.client.workflow.getHandle(workflowId, runId);
    const told = readSteps(await handle.fetchHistory());
    // A history tells of attempts only when a step has ended; of those under way Temporal knows more.
    const pending = status.name === 'RUNNING' ? stepsOf(await handle.describe()) : [];
    for (const step of told) {
      const now = pending.find(({ activityId }) => activityId === step.activityId);
      const newer =
        now === undefined
          ? {}
          : {
              state: now.state,
              attempts: now.attempt,
              ...(now.lastFailure !== undefined && {
                failure: { code: now.lastFailure.code, message: now.lastFailure.message },
              }),
            };
      steps.push({ ...step, ...newer, workflowId, runId });
    }
  }
  return steps.toSorted((a, b) => (a.scheduledAt < b.scheduledAt ? -1 : a.scheduledAt > b.scheduledAt ? 1 : 0));
}
