import type { DatasetItem, DatasetVersion, SetAside } from '@probity/core/schemas/dataset-version';
import type { CampaignPlan, SelectedShard } from '@probity/core/schemas/round-artifacts';

export interface VersionParts {
  readonly dataset: DatasetVersion;
  readonly plan: CampaignPlan;
  readonly shards: readonly SelectedShard[];
  readonly campaignId: string;
  readonly round: number;
}

/**
 * The data set after a round: labelled and test items with their human labels, and the pool's accepted items with
 * machine labels. Labels that pool items had are hidden from the campaign and stay out. Items by id, so that equal
 * parts give equal bytes.
 */
export function composeVersion({ dataset, plan, shards, campaignId, round }: VersionParts): DatasetVersion {
  const roles = new Map<string, 'labelled' | 'test'>([...plan.labelled.map((id) => [id, 'labelled'] as const), ...plan.test.map((id) => [id, 'test'] as const)]);
  const accepted = new Map(shards.flatMap(({ decisions }) => decisions.flatMap(({ id, state, label }) => (state === 'accepted' ? [[id, label] as const] : []))));
  const items = dataset.items.flatMap((item): DatasetItem[] => {
    const role = roles.get(item.id);
    if (role) return [{ ...item, role }];
    const label = accepted.get(item.id);
    return label ? [{ ...item, label, role: 'pool' }] : [];
  });
  const setAside: SetAside[] = [...dataset.setAside, ...shards.flatMap((shard) => shard.setAside)];
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  return { ...dataset, version: `round-${round}`, campaignId, items: items.toSorted(byId), setAside: setAside.toSorted(byId) };
}
