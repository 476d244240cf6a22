import { ProbityError } from '@probity/core/errors';
import type { CampaignRow } from '@probity/core/schemas/api/campaigns';
import type { CampaignStep } from '@probity/workflows/history/read-steps';
import type { Campaign, Campaigns } from '../campaigns.js';

/** `Campaigns` in memory. It passes the same contract as the one on Temporal. */
export class MemoryCampaigns implements Campaigns {
  readonly #campaigns = new Map<string, { campaign: Campaign; steps: readonly CampaignStep[] }>();
  /** Called before every answer; throw here to play a Temporal that does not answer. */
  beforeAnswer: () => void = () => {};

  add(campaign: Campaign, steps: readonly CampaignStep[] = []): void {
    this.#campaigns.set(campaign.id, { campaign, steps });
  }

  async list(): Promise<CampaignRow[]> {
    this.beforeAnswer();
    return [...this.#campaigns.values()]
      .map(({ campaign }) => rowOf(campaign))
      .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  async get(id: string): Promise<Campaign> {
    return this.#require(id).campaign;
  }

  async steps(id: string): Promise<CampaignStep[]> {
    return [...this.#require(id).steps];
  }

  #require(id: string): { campaign: Campaign; steps: readonly CampaignStep[] } {
    this.beforeAnswer();
    const found = this.#campaigns.get(id);
    if (!found) throw new ProbityError('CAMPAIGN_MISSING', `Cannot find campaign "${id}": there is none of that id`);
    return found;
  }
}

function rowOf({ id, status, spec, state, startedAt, endedAt }: Campaign): CampaignRow {
  const newest = state.rounds.at(-1);
  return {
    id,
    status,
    dataset: spec.dataset,
    task: spec.task,
    stage: state.stage,
    round: state.round,
    ...(newest && { score: newest.score.value, acceptedCount: newest.acceptedCount }),
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
  };
}
