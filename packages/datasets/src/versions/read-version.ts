import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { datasetVersionSchema, type DatasetVersion } from '@probity/core/schemas/dataset-version';

/**
 * Reads and checks a version of a data set. Its digest is that of the reference, which the store compares.
 *
 * @throws {ProbityError} `ARTIFACT_MISSING`, `ARTIFACT_CORRUPT`, also where the bytes are no version.
 */
export async function readVersion(store: ArtifactStore, ref: ArtifactRef): Promise<DatasetVersion> {
  const bytes = await store.get(ref);
  try {
    return datasetVersionSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new ProbityError(
      'ARTIFACT_CORRUPT',
      `Cannot read data-set version "${ref.key}": it is no version of a data set`,
      {
        details: { key: ref.key },
        cause,
      },
    );
  }
}
