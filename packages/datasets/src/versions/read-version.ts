import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { datasetVersionSchema, type DatasetVersion } from '@probity/core/schemas/dataset-version';

/** Reads and checks a version of a data set. */
export async function readVersion(store: ArtifactStore, ref: ArtifactRef): Promise<DatasetVersion> {
  return datasetVersionSchema.parse(JSON.parse(new TextDecoder().decode(await store.get(ref))));
}
