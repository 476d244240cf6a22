import { createHash } from 'node:crypto';
import { requireKey } from '@probity/core/artifacts/require-key';
import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore, CallOptions } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';

interface StoredBytes {
  readonly ref: ArtifactRef;
  bytes: Uint8Array;
}

/** An `ArtifactStore` in memory. It passes the same contract as the adapters, and offers what tests need to spoil it. */
export class MemoryArtifactStore implements ArtifactStore {
  readonly #stored = new Map<string, StoredBytes>();
  /** Called before every write; throw here to play a store that refuses. */
  beforePut: (key: string) => void = () => {};

  async put(key: string, bytes: Uint8Array, { signal }: CallOptions = {}): Promise<ArtifactRef> {
    requireKey(key);
    signal?.throwIfAborted();
    this.beforePut(key);
    const ref = { key, sha256: digest(bytes), bytes: bytes.byteLength };
    const present = this.#stored.get(key);
    if (present === undefined) this.#stored.set(key, { ref, bytes: bytes.slice() });
    else if (present.ref.sha256 !== ref.sha256) {
      throw new ProbityError('ARTIFACT_EXISTS', `Cannot put artifact "${key}": other bytes stand under that key`, {
        details: { key },
      });
    }
    return ref;
  }

  async get({ key, sha256 }: ArtifactRef, { signal }: CallOptions = {}): Promise<Uint8Array> {
    requireKey(key);
    signal?.throwIfAborted();
    const present = this.#stored.get(key);
    if (present === undefined) {
      throw new ProbityError('ARTIFACT_MISSING', `Cannot read artifact "${key}": it is not there`, {
        details: { key },
      });
    }
    if (digest(present.bytes) !== sha256) {
      throw new ProbityError('ARTIFACT_CORRUPT', `Cannot read artifact "${key}": digest differs`, { details: { key } });
    }
    return present.bytes.slice();
  }

  async find(key: string, { signal }: CallOptions = {}): Promise<ArtifactRef | undefined> {
    requireKey(key);
    signal?.throwIfAborted();
    return this.#stored.get(key)?.ref;
  }

  async *list(prefix: string, { signal }: CallOptions = {}): AsyncIterable<string> {
    signal?.throwIfAborted();
    // JavaScript's default order is that of UTF-16 code units.
    for (const key of [...this.#stored.keys()].filter((candidate) => candidate.startsWith(prefix)).sort()) {
      signal?.throwIfAborted();
      yield key;
    }
  }

  async delete(key: string, { signal }: CallOptions = {}): Promise<void> {
    requireKey(key);
    signal?.throwIfAborted();
    this.#stored.delete(key);
  }

  async presign(): Promise<string | undefined> {
    return undefined;
  }

  /** Changes stored bytes behind the digest's back. */
  corrupt(key: string): void {
    const present = this.#stored.get(key);
    if (present !== undefined) present.bytes = Uint8Array.from([...present.bytes.subarray(1), 255]);
  }
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
