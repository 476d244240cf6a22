import { setTimeout as wait } from 'node:timers/promises';
import { requireKey } from '@probity/core/artifacts/require-key';
import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore, CallOptions } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { Client } from 'minio';
import { sha256Hex } from '../hash.js';
import type { StoreSettings } from '../settings.js';
import { isPassing, s3Code, s3Error } from './s3-errors.js';
import { createS3Transport, withSignal } from './s3-transport.js';

/** Above this an upload would go in parts, and parts cannot be refused when the key exists. The largest the server takes at once. */
const PART_BYTES = 5 * 1024 ** 3;
/** Waits before asking again; after them the activity fails, and Temporal asks again later. */
const RETRY_WAITS_MILLISECONDS = [200, 800];

interface StoreCall {
  /** For the message of an error: `put`, `read` … */
  readonly action: string;
  readonly key: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * An `ArtifactStore` on any S3 server that honours `If-None-Match: *`. The digest is kept as the object's metadata
 * and checked on read; a server shows an object only when it is whole.
 */
export class S3ArtifactStore implements ArtifactStore {
  readonly #client: Client;
  readonly #settings: Extract<StoreSettings, { kind: 's3' }>;
  readonly #close: () => void;

  constructor(settings: Extract<StoreSettings, { kind: 's3' }>) {
    const url = new URL(settings.endpoint);
    const useSSL = url.protocol === 'https:';
    const { transport, agent } = createS3Transport(useSSL);
    this.#settings = settings;
    this.#close = () => agent.destroy();
    this.#client = new Client({
      endPoint: url.hostname,
      ...(url.port !== '' && { port: Number(url.port) }),
      useSSL,
      accessKey: settings.accessKey,
      secretKey: settings.secretKey,
      region: settings.region,
      partSize: PART_BYTES,
      // The library's own retries hide the server's error behind a text, and print.
      retryOptions: { disableRetry: true },
      transport: transport as never, // the library asks for the whole module and calls `request`
      transportAgent: agent,
    });
  }

  async put(key: string, bytes: Uint8Array, { signal }: CallOptions = {}): Promise<ArtifactRef> {
    requireKey(key);
    const ref = { key, sha256: sha256Hex(bytes), bytes: bytes.byteLength };
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const headers = {
      'If-None-Match': '*',
      'Content-Type': 'application/octet-stream',
      'x-amz-meta-sha256': ref.sha256,
    };
    const { bucket } = this.#settings;
    const taken = await this.#call({ action: 'put', key: key, signal }, async () => {
      try {
        await this.#client.putObject(bucket, this.#name(key), body, body.byteLength, headers);
        return false;
      } catch (error) {
        if (s3Code(error) === 'NoSuchBucket') return await this.#putIntoNewBucket(key, body, headers);
        if (isTaken(error)) return true;
        throw error;
      }
    });
    if (!taken) return ref;
    const present = await this.find(key, { ...(signal !== undefined && { signal }) });
    if (present === undefined) return this.put(key, bytes, { ...(signal !== undefined && { signal }) }); // deleted meanwhile
    if (present.sha256 === ref.sha256) return present;
    const details = { key, present: present.sha256, wanted: ref.sha256 };
    throw new ProbityError('ARTIFACT_EXISTS', `Cannot put artifact "${key}": other bytes stand under that key`, {
      details,
    });
  }

  async get({ key, sha256 }: ArtifactRef, { signal }: CallOptions = {}): Promise<Uint8Array> {
    requireKey(key);
    const bytes = await this.#call({ action: 'read', key: key, signal }, async () => {
      try {
        return await collect(await this.#client.getObject(this.#settings.bucket, this.#name(key)));
      } catch (error) {
        if (!isMissing(error)) throw error;
        throw new ProbityError('ARTIFACT_MISSING', `Cannot read artifact "${key}": it is not there`, {
          details: { key },
        });
      }
    });
    if (sha256Hex(bytes) === sha256) return bytes;
    throw new ProbityError('ARTIFACT_CORRUPT', `Cannot read artifact "${key}": digest differs`, { details: { key } });
  }

  async find(key: string, { signal }: CallOptions = {}): Promise<ArtifactRef | undefined> {
    requireKey(key);
    return this.#call({ action: 'find', key: key, signal }, async () => {
      try {
        const { size, metaData } = await this.#client.statObject(this.#settings.bucket, this.#name(key));
        const sha256 = (metaData as Record<string, string>)['sha256'];
        if (sha256 !== undefined) return { key, sha256, bytes: size };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
      throw new ProbityError(
        'ARTIFACT_CORRUPT',
        `Cannot find artifact "${key}": it carries no digest; another program put it there`,
        { details: { key } },
      );
    });
  }

  /** Collects before it gives: not every server lists in the order of the keys (SeaweedFS: folder by folder). */
  async *list(prefix: string, { signal }: CallOptions = {}): AsyncIterable<string> {
    const names: string[] = [];
    let token = '';
    do {
      const page = await this.#call({ action: 'list', key: prefix, signal }, () => this.#page(prefix, token));
      names.push(...page.names);
      token = page.next;
    } while (token !== '');
    for (const name of names.sort()) {
      signal?.throwIfAborted();
      yield name.slice(this.#settings.prefix.length);
    }
  }

  async delete(key: string, { signal }: CallOptions = {}): Promise<void> {
    requireKey(key);
    await this.#call({ action: 'delete', key: key, signal }, async () => {
      await this.#client.removeObject(this.#settings.bucket, this.#name(key)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    });
  }

  async presign(
    { key }: ArtifactRef,
    { expirySeconds }: { readonly expirySeconds: number },
  ): Promise<string | undefined> {
    requireKey(key);
    return this.#client.presignedGetObject(this.#settings.bucket, this.#name(key), expirySeconds);
  }

  /** Ends idle connections. */
  close(): void {
    this.#close();
  }

  #name(key: string): string {
    return `${this.#settings.prefix}${key}`;
  }

  /** Up to 1,000 names, and what to ask for the next ones with; empty after the last. */
  async #page(prefix: string, token: string): Promise<{ names: string[]; next: string }> {
    try {
      const page = await this.#client.listObjectsV2Query(
        this.#settings.bucket,
        this.#name(prefix),
        token,
        '',
        1000,
        '',
      );
      const names = page.objects.flatMap(({ name }) => (name === undefined ? [] : [name]));
      return { names, next: page.isTruncated ? page.nextContinuationToken : '' };
    } catch (error) {
      if (isMissing(error)) return { names: [], next: '' };
      throw error;
    }
  }

  async #putIntoNewBucket(key: string, body: Buffer, headers: Record<string, string>): Promise<boolean> {
    const { bucket, region } = this.#settings;
    try {
      await this.#client.makeBucket(bucket, region);
    } catch (error) {
      if (!/^Bucket(AlreadyOwnedByYou|AlreadyExists)$/.test(s3Code(error))) throw error;
    }
    try {
      await this.#client.putObject(bucket, this.#name(key), body, body.byteLength, headers);
      return false;
    } catch (error) {
      if (isTaken(error)) return true;
      throw error;
    }
  }

  /** One call of the store: aborted by its signal, asked again a few times when the server was busy, its error translated. */
  async #call<T>({ action, key, signal }: StoreCall, call: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await abortable(signal, withSignal(signal, call));
      } catch (error) {
        signal?.throwIfAborted();
        const pause = RETRY_WAITS_MILLISECONDS[attempt];
        if (pause === undefined || !isPassing(error))
          throw s3Error(action, { key, endpoint: this.#settings.endpoint }, error);
        await wait(pause, undefined, { ...(signal !== undefined && { signal }) });
      }
    }
  }
}

const isMissing = (error: unknown): boolean => ['NoSuchKey', 'NotFound', 'NoSuchBucket'].includes(s3Code(error));

const isTaken = (error: unknown): boolean => s3Code(error) === 'PreconditionFailed';

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The library may never settle when its request is destroyed at the wrong moment. */
async function abortable<T>(signal: AbortSignal | undefined, promise: Promise<T>): Promise<T> {
  if (signal === undefined) return promise;
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    promise.catch(() => {}); // its failure after an abort is no news
  }
}
