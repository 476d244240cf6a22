import { importedVersionKey } from '@probity/core/artifacts/keys';
import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { datasetVersionSchema, type DatasetVersion } from '@probity/core/schemas/dataset-version';
import { canonicalBytes, sha256Hex } from '../digest.js';

export interface ImportedVersion {
  readonly version: ArtifactRef;
  readonly dataset: DatasetVersion;
  /** True when the very same data stood under the name already. */
  readonly reused: boolean;
}

/**
 * Writes the version that makes a data set exist: the last step of an import. The same data again is a no-op.
 *
 * @throws {ProbityError} `ARTIFACT_EXISTS` where other data has the name.
 */
export async function storeImportedVersion(store: ArtifactStore, version: DatasetVersion): Promise<ImportedVersion> {
  const dataset = datasetVersionSchema.parse(version);
  const key = importedVersionKey(dataset.name);
  const bytes = canonicalBytes(dataset);
  await requireNameFree(store, { name: dataset.name, sha256: sha256Hex(bytes) });
  const reused = (await store.find(key)) !== undefined;
  return { version: await store.put(key, bytes), dataset, reused };
}

async function requireNameFree(
  store: ArtifactStore,
  { name, sha256 }: { name: string; sha256: string },
): Promise<void> {
  const present = await store.find(importedVersionKey(name));
  if (present === undefined || present.sha256 === sha256) return;
  const message = `Cannot import data set "${name}": other data has that name, and campaigns may refer to it; choose another name`;
  throw new ProbityError('ARTIFACT_EXISTS', message, { details: { name } });
}
