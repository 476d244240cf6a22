import type { StoreSettings } from '@probity/connections/settings';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { bestRound } from '@probity/core/rounds/campaign-state';
import { reportCampaign, type CampaignReport } from '@probity/core/rounds/campaign-report';
import { campaignPlanSchema, type CampaignPlan } from '@probity/core/schemas/round-artifacts';
import type { CampaignView } from '@probity/connections/campaigns/read-campaign';

export interface FullReport extends CampaignReport {
  readonly id: string;
  readonly status: CampaignView['status'];
  readonly dataset: string;
  readonly remarks: readonly string[];
  /** Versions of the data set that the rounds published, as they are asked for. */
  readonly versions: readonly string[];
  readonly bestVersion?: string;
  /** Where the bytes are. */
  readonly store: string;
  readonly failure?: CampaignView['failure'];
}

/** A campaign's rounds as a person wants to see them, and where to find what it made. */
export async function fullReport(
  campaign: CampaignView,
  store: ArtifactStore,
  storeSettings: StoreSettings,
): Promise<FullReport> {
  const { id, status, spec, state, failure } = campaign;
  const plan = state.plan === undefined ? undefined : await readPlan(store, state.plan);
  const best = bestRound(state)?.round;
  const versionOf = (round: number) => `${spec.dataset}@${id}/round-${round}`;
  return {
    ...reportCampaign(state, { labelledCount: plan?.labelled.length ?? 0 }),
    id,
    status,
    dataset: spec.dataset,
    remarks: plan?.folds.remarks ?? [],
    versions: state.rounds.map(({ round }) => versionOf(round)),
    ...(best !== undefined && { bestVersion: versionOf(best) }),
    store: describeStore(storeSettings),
    ...(failure !== undefined && { failure }),
  };
}

async function readPlan(store: ArtifactStore, ref: NonNullable<CampaignView['state']['plan']>): Promise<CampaignPlan> {
  return campaignPlanSchema.parse(JSON.parse(new TextDecoder().decode(await store.get(ref))));
}

export const describeStore = (settings: StoreSettings): string =>
  settings.kind === 'directory'
    ? settings.directory
    : `${settings.endpoint}, bucket ${settings.bucket}${settings.prefix === '' ? '' : `, prefix ${settings.prefix}`}`;
