import type { ArtifactRef } from '../schemas/artifact-ref.js';

export interface CallOptions {
  /** Aborting ends the call with the signal's reason; nothing is left under the final key. */
  readonly signal?: AbortSignal;
}

/**
 * Where images, models, predictions and data-set versions live. Adapters stand in `connections`
 * (a directory, S3) and in `test/support` (memory); all pass `describeArtifactStore`.
 *
 * A key is written once. Putting the same bytes again is a no-op, since activities run more than once;
 * other bytes under the same key are refused. A key is either absent or whole: never half-written.
 */
export interface ArtifactStore {
  /** @throws {ProbityError} `ARTIFACT_EXISTS`, `STORE_UNAVAILABLE`, `STORE_FULL` */
  put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<ArtifactRef>;
  /** Checks the digest on read. @throws {ProbityError} `ARTIFACT_MISSING`, `ARTIFACT_CORRUPT`, `STORE_UNAVAILABLE` */
  get(ref: ArtifactRef, options?: CallOptions): Promise<Uint8Array>;
  /** The ref stored under `key`, or `undefined`. Absence is an answer here, not an error. */
  find(key: string, options?: CallOptions): Promise<ArtifactRef | undefined>;
  /** Keys that begin with `prefix`, in ascending order of their UTF-16 code units. */
  list(prefix: string, options?: CallOptions): AsyncIterable<string>;
  /** Removes a key; removing what is absent is a no-op. */
  delete(key: string, options?: CallOptions): Promise<void>;
  /** An address from which the bytes can be read for a while without credentials, or `undefined` where the adapter has none. */
  presign(ref: ArtifactRef, options: { readonly expirySeconds: number }): Promise<string | undefined>;
}
