import { readStackFile } from '@probity/connections/stack-file';
import type { TemporalClient } from '@probity/connections/connect-temporal';
import { describeCampaign, readCampaign, statusOf } from '@probity/connections/campaigns/read-campaign';
import { readRunningSteps } from '@probity/connections/campaigns/running-steps';
import type { CampaignRow } from '@probity/core/schemas/api/campaigns';
import { CAMPAIGN_WORKFLOW, SWEEP_WORKFLOW } from '@probity/workflows/messages';
import { readSteps, type CampaignStep } from '@probity/workflows/history/read-steps';
import type { Campaign, Campaigns } from '../../campaigns.js';

/** More campaigns than anyone looks through on one page. */
const CAMPAIGNS_MAX = 200;

/** `Campaigns` on a Temporal client. */
export class TemporalCampaigns implements Campaigns {
  readonly #temporal: TemporalClient;
  readonly #home: string;

  constructor(temporal: TemporalClient, home: string) {
    this.#temporal = temporal;
    this.#home = home;
  }

  async list(): Promise<CampaignRow[]> {
    const rows: CampaignRow[] = [];
    // A round that is over handed on to the next run: it is not a campaign of its own.
    const query = `WorkflowType = '${CAMPAIGN_WORKFLOW}' AND ExecutionStatus != 'ContinuedAsNew'`;
    for await (const {
      workflowId,
      status,
      typedSearchAttributes,
      startTime,
      closeTime,
    } of this.#temporal.client.workflow.list({ query })) {
      const attributes = new Map(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
      const word = (name: string) =>
        typeof attributes.get(name) === 'string' ? (attributes.get(name) as string) : undefined;
      const number = (name: string) =>
        typeof attributes.get(name) === 'number' ? (attributes.get(name) as number) : undefined;
      rows.push(
        withoutUndefined({
          id: workflowId,
          status: statusOf(status.name),
          dataset: word('ProbityDataset'),
          task: word('ProbityTask'),
          stage: word('ProbityStage'),
          round: number('ProbityRound'),
          score: number('ProbityScore'),
          acceptedCount: number('ProbityAccepted'),
          startedAt: startTime.toISOString(),
          endedAt: closeTime?.toISOString(),
        }),
      );
      if (rows.length === CAMPAIGNS_MAX) break;
    }
    return rows.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  async get(id: string): Promise<Campaign> {
    const view = await readCampaign(this.#temporal, id);
    const description = await describeCampaign(this.#temporal, id);
    const running = view.status === 'running' ? await readRunningSteps(this.#temporal, description) : [];
    const temporalPage = this.#pageOf(id);
    return { ...view, running, ...(temporalPage && { temporalPage }) };
  }

  async steps(id: string): Promise<CampaignStep[]> {
    const { client } = this.#temporal;
    await describeCampaign(this.#temporal, id);
    const steps: CampaignStep[] = [];
    // Each round is a run of its own, and each sweep a child.
    const quoted = id.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
    const query = `WorkflowId = '${quoted}' OR (WorkflowType = '${SWEEP_WORKFLOW}' AND WorkflowId STARTS_WITH '${quoted}/')`;
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      steps.push(...readSteps(await client.workflow.getHandle(workflowId, runId).fetchHistory()));
    }
    return steps.toSorted((a, b) => (a.scheduledAt < b.scheduledAt ? -1 : 1));
  }

  /** The embedded server's own page; of a cluster's nothing is known. */
  #pageOf(id: string): string | undefined {
    const port = readStackFile(this.#home)?.ports['temporal-ui'];
    return port === undefined
      ? undefined
      : `http://127.0.0.1:${port}/namespaces/${this.#temporal.namespace}/workflows/${encodeURIComponent(id)}`;
  }
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** Absent rather than undefined, as the schemas of the answers want it. */
function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
