import { blobKey } from '@probity/core/artifacts/keys';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { sha256Hex } from '../digest.js';

/** Stores bytes under their own digest; every data set that holds the same image shares it. */
export const putBlob = (store: ArtifactStore, bytes: Uint8Array, extension: string): Promise<ArtifactRef> =>
  store.put(blobKey(sha256Hex(bytes), extension), bytes);
