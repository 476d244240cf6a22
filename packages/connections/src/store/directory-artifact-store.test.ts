import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeArtifactStore } from '@probity/test-support/artifact-store.contract';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../hash.js';
import { DirectoryArtifactStore } from './directory-artifact-store.js';

const folders: string[] = [];
async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-store-'));
  folders.push(folder);
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describeArtifactStore('MemoryArtifactStore', async () => {
  const store = new MemoryArtifactStore();
  return { store, corrupt: async (key) => store.corrupt(key), reopen: async () => store, close: async () => {} };
});

describeArtifactStore(
  'DirectoryArtifactStore',
  async () => {
    const folder = await freshFolder();
    return {
      store: await DirectoryArtifactStore.open(folder),
      corrupt: (key) => appendFile(join(folder, 'keys', key), '!'),
      reopen: () => DirectoryArtifactStore.open(folder),
      close: async () => {},
    };
  },
  { listCount: 1_100 },
);

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
}

describe('DirectoryArtifactStore', () => {
  let folder: string;
  let store: DirectoryArtifactStore;
  beforeEach(async () => {
    folder = await freshFolder();
    store = await DirectoryArtifactStore.open(folder);
  });

  it('shows each key as a plain file', async () => {
    await store.put('blobs/a.txt', Buffer.from('plain'));
    expect(await readFile(join(folder, 'keys/blobs/a.txt'), 'utf8')).toBe('plain');
  });

  it('leaves nothing but the key and its bytes, and after delete() neither', async () => {
    await store.put('a/b.bin', Buffer.from('x'));
    expect(await filesUnder(folder)).toHaveLength(2);
    await store.delete('a/b.bin');
    expect(await filesUnder(folder)).toEqual([]);
  });

  it('leaves no bytes of writers that lost', async () => {
    await Promise.allSettled(Array.from({ length: 6 }, (_, i) => store.put('race', Buffer.from(String(i)))));
    expect(await filesUnder(join(folder, 'bytes'))).toHaveLength(1);
  });

  it('leaves nothing of an aborted write', async () => {
    const controller = new AbortController();
    const put = store.put('x.bin', new Uint8Array(30_000_000), { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(put).rejects.toThrow();
    expect(await filesUnder(folder)).toEqual([]);
  });

  it('refuses a key that is a folder of keys, and the reverse', async () => {
    await store.put('a/b', Buffer.from('x'));
    await expect(store.put('a', Buffer.from('y'))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(store.put('a/b/c', Buffer.from('y'))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await filesUnder(folder)).toHaveLength(2);
  });

  it('reports lost bytes as ARTIFACT_CORRUPT', async () => {
    const ref = await store.put('a', Buffer.from('x'));
    await rm(join(folder, 'bytes'), { recursive: true });
    await expect(store.get(ref)).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringContaining('lost'),
    });
  });

  it('reports a folder that cannot be made as STORE_UNAVAILABLE or worse, never as nothing', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(DirectoryArtifactStore.open(join(folder, 'file/store'))).rejects.toMatchObject({
      name: 'ProbityError',
    });
  });

  describe('at opening', () => {
    const dead = { pid: 2 ** 22 + 1, host: hostname() };
    async function leave(note: { pid: number; host: string }, ageHours: number): Promise<string> {
      const file = `${sha256Hex('torn')}-4-${'0'.repeat(16)}`;
      const path = join(folder, 'writing', 'note.json');
      await mkdir(join(folder, 'writing'), { recursive: true });
      await mkdir(join(folder, 'bytes', file.slice(0, 2)), { recursive: true });
      await writeFile(join(folder, 'bytes', file.slice(0, 2), file), 'to');
      await writeFile(path, JSON.stringify({ ...note, key: 'k', file }));
      const then = Date.now() / 1000 - ageHours * 3600;
      await utimes(path, then, then);
      return file;
    }

    it('removes what a dead writer left', async () => {
      await leave(dead, 1);
      await DirectoryArtifactStore.open(folder);
      expect(await filesUnder(folder)).toEqual([]);
    });

    it.each([
      ['lives', { pid: process.pid, host: hostname() }, 1],
      ['ran a moment ago', dead, 0],
      ['may run elsewhere', { pid: 1, host: 'elsewhere' }, 1],
    ])('keeps what belongs to a writer that %s', async (_, note, ageHours) => {
      const file = await leave(note, ageHours);
      await DirectoryArtifactStore.open(folder);
      expect(await filesUnder(folder)).toContain(file);
    });

    it('keeps the bytes of a writer that died after its key was made', async () => {
      const ref = await store.put('k', Buffer.from('done'));
      const file = (await filesUnder(join(folder, 'bytes')))[0]!;
      await mkdir(join(folder, 'writing'), { recursive: true });
      await writeFile(join(folder, 'writing', 'note.json'), JSON.stringify({ ...dead, key: 'k', file }));
      await utimes(join(folder, 'writing', 'note.json'), 0, 0);
      await DirectoryArtifactStore.open(folder);
      expect(Buffer.from(await store.get(ref)).toString()).toBe('done');
      expect(await readdir(join(folder, 'writing'))).toEqual([]);
    });
  });
});
