import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { datasetVersionSchema, type DatasetItem } from '@probity/core/schemas/dataset-version';
import { campaignPlanSchema, type CampaignPlan } from '@probity/core/schemas/round-artifacts';
import { readJson } from '../activities/once.js';

/** What every job of a campaign needs of it. */
export interface KnownCampaign {
  readonly plan: CampaignPlan;
  readonly classes: readonly string[];
  readonly items: readonly DatasetItem[];
  /** @throws A bug: the plan names items of its own data set only. */
  readonly item: (id: string) => DatasetItem;
}

let known: { readonly sha256: string; readonly campaign: Promise<KnownCampaign> } | undefined;

/** Reads a campaign's plan and data set, once for all jobs of a process: parsing a large pool takes longer than a shard. */
export async function readCampaign(store: ArtifactStore, plan: ArtifactRef): Promise<KnownCampaign> {
  if (known?.sha256 === plan.sha256) return known.campaign;
  const campaign = read(store, plan);
  known = { sha256: plan.sha256, campaign };
  campaign.catch(() => (known = undefined)); // the next job asks again
  return campaign;
}

async function read(store: ArtifactStore, planRef: ArtifactRef): Promise<KnownCampaign> {
  const plan = await readJson(store, planRef, campaignPlanSchema);
  const { classes, items } = await readJson(store, plan.dataset, datasetVersionSchema);
  const byId = new Map(items.map((item) => [item.id, item]));
  return {
    plan,
    classes,
    items,
    item: (id) => {
      const item = byId.get(id);
      if (!item) throw new Error(`Bug: the plan names item "${id}", which its data set lacks`);
      return item;
    },
  };
}
