import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { StoreSettings } from './settings.js';
import { DirectoryArtifactStore } from './store/directory-artifact-store.js';
import { S3ArtifactStore } from './store/s3-artifact-store.js';

/** The store that the settings name. @throws {ProbityError} `STORE_UNAVAILABLE`, `STORE_FULL` */
export async function openStore(settings: StoreSettings): Promise<ArtifactStore> {
  return settings.kind === 'directory'
    ? DirectoryArtifactStore.open(settings.directory)
    : new S3ArtifactStore(settings);
}
