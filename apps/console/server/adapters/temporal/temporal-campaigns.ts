import { readStackFile } from '@probity/connections/stack-file';
import type { TemporalClient } from '@probity/connections/connect-temporal';
import { listCampaigns } from '@probity/connections/campaigns/list-campaigns';
import { describeCampaign, readCampaign } from '@probity/connections/campaigns/read-campaign';
import { readHistory } from '@probity/connections/campaigns/read-history';
import { readRunningSteps } from '@probity/connections/campaigns/running-steps';
import type { CampaignRow } from '@probity/core/schemas/api/campaigns';
import type { CampaignStep } from '@probity/workflows/history/read-steps';
import type { Campaign, Campaigns } from '../../campaigns.js';

/** `Campaigns` on a Temporal client. */
export class TemporalCampaigns implements Campaigns {
  readonly #temporal: TemporalClient;
  readonly #home: string;

  constructor(temporal: TemporalClient, home: string) {
    this.#temporal = temporal;
    this.#home = home;
  }

  list(): Promise<CampaignRow[]> {
    return listCampaigns(this.#temporal);
  }

  async get(id: string): Promise<Campaign> {
    const view = await readCampaign(this.#temporal, id);
    const description = await describeCampaign(this.#temporal, id);
    const running = view.status === 'running' ? await readRunningSteps(this.#temporal, description) : [];
    const temporalPage = this.#pageOf(id);
    return { ...view, running, ...(temporalPage && { temporalPage }) };
  }

  steps(id: string): Promise<CampaignStep[]> {
    return readHistory(this.#temporal, id);
  }

  /** The embedded server's own page; of a cluster's nothing is known. */
  #pageOf(id: string): string | undefined {
    const port = readStackFile(this.#home)?.ports['temporal-ui'];
    return port === undefined
      ? undefined
      : `http://127.0.0.1:${port}/namespaces/${this.#temporal.namespace}/workflows/${encodeURIComponent(id)}`;
  }
}
