import { datasetPrefix } from '@probity/core/artifacts/keys';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';

/** A version that can be asked for. */
export interface VersionName {
  readonly dataset: string;
  /** `import` or `round-2`. */
  readonly version: string;
  readonly campaignId?: string;
  readonly key: string;
}

const DATASETS_PREFIX = 'datasets/';
const IMPORTED = /^datasets\/([^/]+)\/import\.json$/;
const PUBLISHED = /^datasets\/([^/]+)\/campaigns\/([^/]+)\/(round-(\d+))\.json$/;

/** Every version of every data set in the store, or of one of them: by data set, the import first, rounds in order. */
export async function listVersions(store: ArtifactStore, dataset?: string): Promise<VersionName[]> {
  const names: (VersionName & { round: number })[] = [];
  for await (const key of store.list(dataset === undefined ? DATASETS_PREFIX : datasetPrefix(dataset))) {
    const imported = IMPORTED.exec(key);
    const published = PUBLISHED.exec(key);
    if (imported) names.push({ dataset: imported[1]!, version: 'import', key, round: -1 });
    if (published) {
      const [, name, campaignId, version, round] = published;
      names.push({ dataset: name!, campaignId: campaignId!, version: version!, key, round: Number(round) });
    }
  }
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  names.sort(
    (a, b) => order(a.dataset, b.dataset) || order(a.campaignId ?? '', b.campaignId ?? '') || a.round - b.round,
  );
  return names.map(({ round: _round, ...name }) => name);
}
