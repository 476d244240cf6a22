import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { requireKey } from '@probity/core/artifacts/require-key';
import { ProbityError } from '@probity/core/errors';
import type { ArtifactStore, CallOptions } from '@probity/core/ports/artifact-store';
import type { ArtifactRef } from '@probity/core/schemas/artifact-ref';
import { sha256Hex } from '../hash.js';
import { directoryError, isCode } from './directory-errors.js';
import { StoreJournal } from './store-journal.js';
import { withFolder } from './with-folder.js';

/** `<sha256>-<bytes>-<nonce>`: what a key's link points at, so that a key's digest is known without reading its bytes. */
const FILE_NAME = /^([0-9a-f]{64})-(\d+)-[0-9a-f]{16}$/;

/**
 * An `ArtifactStore` in a folder.
 *
 * Bytes stand under `bytes/`, each file with a name of its own that carries digest and size; a key is a symbolic link
 * to them under `keys/`. The link is made last, after the bytes are on the disk, and making a link fails where one
 * stands: so a key is absent or whole at every moment, whatever dies, and the first of two writers wins. Reading a key
 * through the link gives the plain file. What a dead writer left under `bytes/` is removed at the next opening.
 */
export class DirectoryArtifactStore implements ArtifactStore {
  readonly #keys: string;
  readonly #bytes: string;
  readonly #journal: StoreJournal;

  constructor(folder: string) {
    this.#keys = join(folder, 'keys');
    this.#bytes = join(folder, 'bytes');
    this.#journal = new StoreJournal(join(folder, 'writing'));
  }

  /** Makes the folder and removes what dead writers left. @throws {ProbityError} `STORE_UNAVAILABLE`, `STORE_FULL` */
  static async open(folder: string): Promise<DirectoryArtifactStore> {
    const store = new DirectoryArtifactStore(folder);
    try {
      await mkdir(store.#keys, { recursive: true });
      await mkdir(store.#bytes, { recursive: true });
      await store.#journal.sweep(async ({ key, file }) => {
        if ((await store.#target(key)) !== file) await rm(join(store.#bytes, shard(file)), { force: true });
      });
    } catch (error) {
      throw directoryError('open the store for', folder, error);
    }
    return store;
  }

  async put(key: string, bytes: Uint8Array, { signal }: CallOptions = {}): Promise<ArtifactRef> {
    requireKey(key);
    signal?.throwIfAborted();
    const ref = { key, sha256: sha256Hex(bytes), bytes: bytes.byteLength };
    try {
      const present = await this.find(key);
      if (present !== undefined) return sameOrRefuse(ref, present);
      return await this.#write(ref, bytes, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw directoryError('put', key, error);
    }
  }

  async get({ key, sha256 }: ArtifactRef, { signal }: CallOptions = {}): Promise<Uint8Array> {
    requireKey(key);
    signal?.throwIfAborted();
    let bytes: Uint8Array;
    try {
      bytes = await readFile(join(this.#keys, key), { ...(signal !== undefined && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      if (isCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw await this.#absent(key);
      throw directoryError('read', key, error);
    }
    if (sha256Hex(bytes) === sha256) return bytes;
    throw new ProbityError('ARTIFACT_CORRUPT', `Cannot read artifact "${key}": digest differs`, { details: { key } });
  }

  async find(key: string, { signal }: CallOptions = {}): Promise<ArtifactRef | undefined> {
    requireKey(key);
    signal?.throwIfAborted();
    const file = await this.#target(key);
    if (file === undefined) return undefined;
    const [, sha256, bytes] = FILE_NAME.exec(file) ?? [];
    if (sha256 !== undefined) return { key, sha256, bytes: Number(bytes) };
    throw new ProbityError('ARTIFACT_CORRUPT', `Cannot find artifact "${key}": its link was not made by this store`, {
      details: { key },
    });
  }

  async *list(prefix: string, { signal }: CallOptions = {}): AsyncIterable<string> {
    // Only the folder that the prefix ends in has to be walked.
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (folder !== '') requireKey(folder.slice(0, -1));
    for await (const key of this.#walk(folder, signal)) {
      if (key.startsWith(prefix)) yield key;
    }
  }

  async delete(key: string, { signal }: CallOptions = {}): Promise<void> {
    requireKey(key);
    signal?.throwIfAborted();
    try {
      const file = await this.#target(key);
      if (file === undefined) return;
      // Without a note where the disk is full: deleting is what makes room.
      const finished = await this.#journal.begin(key, file).catch(() => async () => {});
      await rm(join(this.#keys, key), { force: true });
      await rm(join(this.#bytes, shard(file)), { force: true });
      await finished();
    } catch (error) {
      throw directoryError('delete', key, error);
    }
  }

  /** A folder has no addresses for the world. */
  async presign(): Promise<string | undefined> {
    return undefined;
  }

  async #write(ref: ArtifactRef, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<ArtifactRef> {
    const file = `${ref.sha256}-${ref.bytes}-${randomBytes(8).toString('hex')}`;
    const path = join(this.#bytes, shard(file));
    const finished = await this.#journal.begin(ref.key, file);
    let published = false;
    try {
      await withFolder(dirname(path), () => writeDurably(path, bytes, signal));
      published = await this.#publish(ref.key, path, signal);
    } finally {
      if (!published) await rm(path, { force: true });
      await finished();
    }
    if (published) {
      await Promise.all([syncFolder(dirname(path)), syncFolder(dirname(join(this.#keys, ref.key)))]);
      return ref;
    }
    const present = await this.find(ref.key);
    // The winner of the race may be deleted already; then the next attempt is the first again.
    return present === undefined ? this.#write(ref, bytes, signal) : sameOrRefuse(ref, present);
  }

  /** Makes the key, unless another writer was first. */
  async #publish(key: string, path: string, signal: AbortSignal | undefined): Promise<boolean> {
    const link = join(this.#keys, key);
    signal?.throwIfAborted();
    try {
      await withFolder(dirname(link), () => symlink(relative(dirname(link), path), link, 'file'));
    } catch (error) {
      if (isCode(error, 'EEXIST') && (await this.#target(key)) !== undefined) return false;
      throw isCode(error, 'EEXIST') ? Object.assign(new Error('a folder stands there'), { code: 'EISDIR' }) : error;
    }
    return true;
  }

  /** The name under `bytes/` that a key points at; `undefined` where there is no key. */
  async #target(key: string): Promise<string | undefined> {
    try {
      return basename(await readlink(join(this.#keys, key)));
    } catch (error) {
      // EINVAL: a folder of keys stands there, which is no key.
      if (isCode(error, 'ENOENT', 'ENOTDIR', 'EINVAL')) return undefined;
      throw directoryError('find', key, error);
    }
  }

  async #absent(key: string): Promise<ProbityError> {
    const lost = (await this.#target(key)) !== undefined;
    const [code, state] = lost
      ? (['ARTIFACT_CORRUPT', 'its bytes are lost'] as const)
      : (['ARTIFACT_MISSING', 'it is not there'] as const);
    return new ProbityError(code, `Cannot read artifact "${key}": ${state}`, { details: { key } });
  }

  async *#walk(folder: string, signal: AbortSignal | undefined): AsyncIterable<string> {
    signal?.throwIfAborted();
    const entries = await readdir(join(this.#keys, folder), { withFileTypes: true }).catch((error: unknown) => {
      if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
      throw directoryError('list', folder, error);
    });
    // A folder sorts as its keys do, that is with its slash.
    const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
    for (const name of names) {
      signal?.throwIfAborted();
      if (name.endsWith('/')) yield* this.#walk(`${folder}${name}`, signal);
      else yield `${folder}${name}`;
    }
  }
}

const shard = (file: string): string => join(file.slice(0, 2), file);

function sameOrRefuse(wanted: ArtifactRef, present: ArtifactRef): ArtifactRef {
  if (present.sha256 === wanted.sha256) return present;
  const details = { key: wanted.key, present: present.sha256, wanted: wanted.sha256 };
  throw new ProbityError('ARTIFACT_EXISTS', `Cannot put artifact "${wanted.key}": other bytes stand under that key`, {
    details,
  });
}

async function writeDurably(path: string, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(bytes, { ...(signal !== undefined && { signal }) });
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Without this a power cut could take back a key that Temporal already knows of. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
