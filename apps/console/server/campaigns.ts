import type { CampaignDetail, CampaignRow } from '@probity/core/schemas/api/campaigns';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import type { CampaignStep } from '@probity/workflows/history/read-steps';

/** A campaign as the console needs it: what is shown, and the data set it began from. */
export interface Campaign extends CampaignDetail {
  readonly dataset: ArtifactRef;
}

/** The console's view of Temporal. It keeps no truth of its own: every answer is asked for anew. */
export interface Campaigns {
  /** Newest first. @throws {ProbityError} `STACK_DOWN` */
  list(): Promise<CampaignRow[]>;
  /** @throws {ProbityError} `CAMPAIGN_MISSING`, `STACK_DOWN` */
  get(id: string): Promise<Campaign>;
  /** Every step of every round, in the order in which they were asked for. @throws as `get` */
  steps(id: string): Promise<CampaignStep[]>;
}
