import { readStackFile } from '@probity/connections/stack-file';
import type { TemporalClient } from '@probity/connections/connect-temporal';
import { describeCampaign, readCampaign, statusOf } from '@probity/connections/campaigns/read-campaign';
import { readRunningSteps, type RunningStep } from '@probity/connections/campaigns/running-steps';
import type { CampaignRow } from '@probity/core/schemas/api/campaigns';
import { CAMPAIGN_WORKFLOW, SWEEP_WORKFLOW } from '@probity/workflows/messages';
import { readSteps, type CampaignStep } from '@probity/workflows/history/read-steps';
import type { WorkflowExecutionInfo } from '@temporalio/client';
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
    const runs = new Map<string, WorkflowExecutionInfo[]>();
    for await (const run of this.#temporal.client.workflow.list({ query: `WorkflowType = '${CAMPAIGN_WORKFLOW}'` })) {
      runs.set(run.workflowId, [...(runs.get(run.workflowId) ?? []), run]);
      if (runs.size === CAMPAIGNS_MAX) break;
    }
    return [...runs.values()].map(rowOf).toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
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
    const campaign = await describeCampaign(this.#temporal, id);
    const isOpen = statusOf(campaign.status.name) === 'running';
    const running = isOpen ? await readRunningSteps(this.#temporal, campaign) : [];
    const steps: CampaignStep[] = [];
    // Each round is a run of its own, and each sweep a child.
    const quoted = id.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
    const query = `WorkflowId = '${quoted}' OR (WorkflowType = '${SWEEP_WORKFLOW}' AND WorkflowId STARTS_WITH '${quoted}/')`;
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      steps.push(...readSteps(history).map((step) => withAttempt(step, { workflowId, running })));
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

/** One campaign from its runs: a round that is over handed on to the next run. An older campaign of the same id is past. */
function rowOf(runs: readonly WorkflowExecutionInfo[]): CampaignRow {
  const [newest, ...older] = runs.toSorted((a, b) => b.startTime.getTime() - a.startTime.getTime());
  const handedOn = older.findIndex(({ status }) => status.name !== 'CONTINUED_AS_NEW');
  const first = older.slice(0, handedOn === -1 ? older.length : handedOn).at(-1) ?? newest!;
  const { workflowId, status, closeTime, typedSearchAttributes } = newest!;
  const attributes = new Map(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
  const word = (name: string) => ofType(attributes.get(name), 'string') as string | undefined;
  const number = (name: string) => ofType(attributes.get(name), 'number') as number | undefined;
  return withoutUndefined({
    id: workflowId,
    status: statusOf(status.name),
    dataset: word('ProbityDataset'),
    task: word('ProbityTask'),
    stage: word('ProbityStage'),
    round: number('ProbityRound'),
    score: number('ProbityScore'),
    acceptedCount: number('ProbityAccepted'),
    startedAt: first.startTime.toISOString(),
    endedAt: closeTime?.toISOString(),
  });
}

const ofType = (value: unknown, type: 'string' | 'number') => (typeof value === type ? value : undefined);

/** A history tells of a start only once the step is over: until then the server knows which attempt runs. */
function withAttempt(step: CampaignStep, place: { workflowId: string; running: readonly RunningStep[] }): CampaignStep {
  const attempt = place.running.find(({ key }) => key === `${place.workflowId}#${step.activityId}`);
  if (step.state !== 'waiting' || !attempt) return step;
  const failure = attempt.lastFailure && { code: attempt.lastFailure.code, message: attempt.lastFailure.message };
  return { ...step, state: attempt.state, attempts: attempt.attempt, failure: failure ?? step.failure };
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** Absent rather than undefined, as the schemas of the answers want it. */
function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
