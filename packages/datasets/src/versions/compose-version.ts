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
 * machine labels. A human label that counts always wins; labels that pool items had are hidden from the campaign and
 * stay out, and so do items that were not accepted or were set aside. Items by id, so that equal parts, whatever the
 * order of the shards, give equal bytes.
 */
export function composeVersion({ dataset, plan, shards, campaignId, round }: VersionParts): DatasetVersion {
  const roles = new Map<string, 'labelled' | 'test'>([
    ...plan.labelled.map((id) => [id, 'labelled'] as const),
    ...plan.test.map((id) => [id, 'test'] as const),
  ]);
  const pool = new Set(plan.shards.flat());
  const decisions = shards.flatMap((shard) => shard.decisions);
  const accepted = new Map(
    decisions.flatMap(({ id, state, label }) => (state === 'accepted' ? [[id, label] as const] : [])),
  );
  const items = dataset.items.flatMap((item): DatasetItem[] => {
    const role = roles.get(item.id);
    if (role !== undefined) return [{ ...item, role }];
    const label = pool.has(item.id) ? accepted.get(item.id) : undefined;
    return label === undefined ? [] : [{ ...item, label, role: 'pool' }];
  });
  const setAside = new Map<string, SetAside>();
  for (const aside of [...dataset.setAside, ...shards.flatMap((shard) => shard.setAside)])
    setAside.set(aside.id, aside);
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  return {
    ...dataset,
    version: `round-${round}`,
    campaignId,
    items: items.sort(byId),
    setAside: [...setAside.values()].sort(byId),
  };
}
