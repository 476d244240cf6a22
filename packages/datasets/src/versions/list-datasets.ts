import type { ArtifactStore } from '@probity/core/ports/artifact-store';

/** A version that can be asked for. */
export interface VersionName {
  readonly dataset: string;
  /** `import` or `round-2`. */
  readonly version: string;
  readonly campaignId?: string;
  readonly key: string;
}

const IMPORTED = /^datasets\/([^/]+)\/import\.json$/;
const PUBLISHED = /^datasets\/([^/]+)\/campaigns\/([^/]+)\/(round-\d+)\.json$/;

/** Every version of every data set in the store, or of one of them. */
export async function listVersions(store: ArtifactStore, dataset?: string): Promise<VersionName[]> {
  const names: VersionName[] = [];
  for await (const key of store.list(dataset ? `datasets/${dataset}/` : 'datasets/')) {
    const imported = IMPORTED.exec(key);
    const published = PUBLISHED.exec(key);
    if (imported) names.push({ dataset: imported[1]!, version: 'import', key });
    if (published) names.push({ dataset: published[1]!, campaignId: published[2]!, version: published[3]!, key });
  }
  return names;
}
