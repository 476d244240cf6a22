import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { listVersions, type VersionName } from './list-datasets.js';

/** How a version is asked for: `lv`, `lv@sunnybrook/round-2`. */
export const nameOf = ({ dataset, version, campaignId }: VersionName): string =>
  campaignId === undefined ? dataset : `${dataset}@${campaignId}/${version}`;

/** `lv`, `lv@import`, `lv@round-2`, `lv@sunnybrook/round-2`. */
const NAME = /^([^@/]+)(?:@(?:([^@/]+)\/)?(import|round-\d+))?$/;

/**
 * The version that a name means. Without `@` it is the import; a round alone is enough where one campaign published it.
 *
 * @throws {ProbityError} `DATASET_MISSING`, listing what exists; `DATASET_AMBIGUOUS`, listing the choices.
 */
export async function resolveVersion(store: ArtifactStore, name: string): Promise<ArtifactRef> {
  const [, dataset, campaignId, version = 'import'] = NAME.exec(name) ?? [];
  const versions = dataset === undefined ? [] : await listVersions(store, dataset);
  const matching = versions.filter(
    (known) => known.version === version && (campaignId === undefined || known.campaignId === campaignId),
  );
  if (matching.length > 1) {
    const choices = matching.map(nameOf);
    const message = `Cannot tell which "${name}" is meant: ${choices.length} campaigns published it; use ${choices.join(' or ')}`;
    throw new ProbityError('DATASET_AMBIGUOUS', message, { details: { name, choices } });
  }
  const ref = matching[0] && (await store.find(matching[0].key));
  if (ref !== undefined) return ref;
  const known = (versions.length > 0 ? versions : await listVersions(store)).map(nameOf);
  const exist =
    known.length > 0 ? `there are ${known.join(', ')}` : 'the store has none; "probity dataset import --help" says how';
  throw new ProbityError('DATASET_MISSING', `Cannot find data set "${name}": ${exist}`, { details: { name, known } });
}
