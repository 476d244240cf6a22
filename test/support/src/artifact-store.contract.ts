import { createHash, randomUUID } from 'node:crypto';
import type { ArtifactStore } from '@probity/core/ports/artifact-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

export interface OpenedStore {
  readonly store: ArtifactStore;
  /** Changes the bytes of a key behind the store's back. */
  readonly corrupt: (key: string) => Promise<void>;
  /** Another store over the same place, as another process would open it. */
  readonly reopen: () => Promise<ArtifactStore>;
  readonly close: () => Promise<void>;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const withCode = (code: string) => expect.objectContaining({ name: 'ProbityError', code });

async function keysOf(store: ArtifactStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys;
}

/** What every `ArtifactStore` promises. `listCount` keys are listed at once; above 1,000 an S3 server answers in pages. */
export function describeArtifactStore(name: string, open: () => Promise<OpenedStore>, { listCount = 30 } = {}): void {
  describe(`${name} as an ArtifactStore`, () => {
    let opened: OpenedStore;
    let store: ArtifactStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened.close();
    });
    /** A folder of its own for each test, since stores may be shared. */
    const place = (): string => `contract/${randomUUID()}`;

    describe('put() and get()', () => {
      it.each([
        ['a few bytes', bytesOf('hello')],
        ['no bytes', new Uint8Array(0)],
        ['every byte', Uint8Array.from({ length: 256 }, (_, value) => value)],
      ])('give back %s', async (_, bytes) => {
        const ref = await store.put(`${place()}/x.bin`, bytes);
        expect(ref).toEqual({ key: ref.key, sha256: sha256(bytes), bytes: bytes.byteLength });
        expect(new Uint8Array(await store.get(ref))).toEqual(bytes);
      });

      it('give back 20 MB', async () => {
        const bytes = new Uint8Array(20_000_000).map((_, i) => (i * 2_654_435_761) >>> 13);
        const ref = await store.put(`${place()}/large.bin`, bytes);
        expect(sha256(await store.get(ref))).toBe(ref.sha256);
      });

      it('take a view into a larger buffer for what it shows', async () => {
        const ref = await store.put(`${place()}/view.bin`, bytesOf('abcdef').subarray(2, 4));
        expect(await store.get(ref)).toEqual(expect.objectContaining({ length: 2 }));
        expect(Buffer.from(await store.get(ref)).toString()).toBe('cd');
      });

      it.each([
        "a b+c%41&d=e'(f),@!$;:~.bin",
        '.hidden',
        '...',
        'UPPER/lower.json',
        '100%',
        'a?b#c.json',
        '"quoted" <x>|*.txt',
      ])('take the odd key "%s"', async (key) => {
        const folder = place();
        const ref = await store.put(`${folder}/${key}`, bytesOf(key));
        expect(Buffer.from(await store.get(ref)).toString()).toBe(key);
        expect(await store.find(ref.key)).toEqual(ref);
        expect(await keysOf(store, `${folder}/`)).toEqual([ref.key]);
        await store.delete(ref.key);
        expect(await store.find(ref.key)).toBeUndefined();
      });

      it.each(['', '/x', '../x', 'a/../../x', 'a//b', 'a\\b', 'a\nb', 'ü'])('refuse the key %j', async (key) => {
        await expect(store.put(key, bytesOf('x'))).rejects.toEqual(withCode('INVALID_INPUT'));
        await expect(store.find(key)).rejects.toEqual(withCode('INVALID_INPUT'));
        await expect(store.delete(key)).rejects.toEqual(withCode('INVALID_INPUT'));
      });

      it('are seen by whoever opens the same place', async () => {
        const ref = await store.put(`${place()}/x.bin`, bytesOf('shared'));
        expect(Buffer.from(await (await opened.reopen()).get(ref)).toString()).toBe('shared');
      });

      it('report what is absent as ARTIFACT_MISSING', async () => {
        const ref = { key: `${place()}/none.bin`, sha256: sha256(bytesOf('')), bytes: 0 };
        await expect(store.get(ref)).rejects.toEqual(withCode('ARTIFACT_MISSING'));
      });

      it('report bytes that changed as ARTIFACT_CORRUPT', async () => {
        const ref = await store.put(`${place()}/x.bin`, bytesOf('whole'));
        await opened.corrupt(ref.key);
        await expect(store.get(ref)).rejects.toEqual(withCode('ARTIFACT_CORRUPT'));
      });
    });

    describe('a key', () => {
      it('takes the same bytes again without a word', async () => {
        const key = `${place()}/x.bin`;
        const ref = await store.put(key, bytesOf('same'));
        expect(await store.put(key, bytesOf('same'))).toEqual(ref);
      });

      it('refuses other bytes with ARTIFACT_EXISTS and keeps the first', async () => {
        const ref = await store.put(`${place()}/x.bin`, bytesOf('first'));
        await expect(store.put(ref.key, bytesOf('second'))).rejects.toEqual(withCode('ARTIFACT_EXISTS'));
        expect(Buffer.from(await store.get(ref)).toString()).toBe('first');
      });

      it('is won by exactly one of many writers at once', async () => {
        const key = `${place()}/race.bin`;
        const stores = [store, await opened.reopen()];
        const texts = Array.from({ length: 8 }, (_, i) => `writer ${i}`.repeat(1000));
        const ends = await Promise.allSettled(texts.map((text, i) => stores[i % 2]!.put(key, bytesOf(text))));
        const won = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
        const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
        expect(won).toHaveLength(1);
        expect(lost).toEqual(Array.from({ length: 7 }, () => withCode('ARTIFACT_EXISTS')));
        expect(await store.find(key)).toEqual(won[0]);
        expect(sha256(await store.get(won[0]!))).toBe(won[0]!.sha256);
      });

      it('lets many writers of the same bytes all succeed', async () => {
        const key = `${place()}/race.bin`;
        const refs = await Promise.all(Array.from({ length: 8 }, () => store.put(key, bytesOf('equal'))));
        expect(new Set(refs.map((ref) => JSON.stringify(ref))).size).toBe(1);
      });
    });

    describe('find()', () => {
      it('answers with the ref, or undefined', async () => {
        const key = `${place()}/x.bin`;
        expect(await store.find(key)).toBeUndefined();
        const ref = await store.put(key, bytesOf('x'));
        expect(await store.find(key)).toEqual(ref);
        expect(await store.find(key.slice(0, -1))).toBeUndefined();
        expect(await store.find(key.split('/').slice(0, 2).join('/'))).toBeUndefined();
      });
    });

    describe('list()', () => {
      it('gives the keys that begin with the prefix, in order', async () => {
        const folder = place();
        const names = [
          'a/c.bin',
          'a-b.bin',
          'a.bin',
          'ab.bin',
          'b/a/a.bin',
          'b/a.bin',
          'Z.bin',
          'a/b+.bin',
          '0.bin',
          '~.bin',
          'a b.bin',
        ];
        for (const name of names) await store.put(`${folder}/${name}`, bytesOf(name));
        const listed = async (prefix: string) =>
          (await keysOf(store, `${folder}/${prefix}`)).map((key) => key.slice(folder.length + 1));
        expect(await listed('')).toEqual([...names].sort());
        expect(await listed('a')).toEqual(['a b.bin', 'a-b.bin', 'a.bin', 'a/b+.bin', 'a/c.bin', 'ab.bin']);
        expect(await listed('b/')).toEqual(['b/a.bin', 'b/a/a.bin']);
        expect(await listed('none')).toEqual([]);
      });

      it(`gives all of ${listCount} keys, in order`, async () => {
        const folder = place();
        const keys = Array.from(
          { length: listCount },
          (_, i) => `${folder}/${i % 3}/${String(i).padStart(5, '0')}.bin`,
        );
        for (let start = 0; start < listCount; start += 16) {
          await Promise.all(keys.slice(start, start + 16).map((key) => store.put(key, bytesOf('x'))));
        }
        expect(await keysOf(store, `${folder}/`)).toEqual(keys.sort());
      });
    });

    describe('delete()', () => {
      it('removes a key, twice as well as once, and makes room for other bytes', async () => {
        const ref = await store.put(`${place()}/x.bin`, bytesOf('old'));
        await store.delete(ref.key);
        await store.delete(ref.key);
        expect(await store.find(ref.key)).toBeUndefined();
        await expect(store.get(ref)).rejects.toEqual(withCode('ARTIFACT_MISSING'));
        const anew = await store.put(ref.key, bytesOf('new'));
        expect(Buffer.from(await store.get(anew)).toString()).toBe('new');
      });
    });

    describe('an aborted call', () => {
      const reason = new Error('enough');

      it('ends with the reason of the signal', async () => {
        const signal = AbortSignal.abort(reason);
        const ref = await store.put(`${place()}/x.bin`, bytesOf('x'));
        await expect(store.put(`${place()}/y.bin`, bytesOf('x'), { signal })).rejects.toBe(reason);
        await expect(store.get(ref, { signal })).rejects.toBe(reason);
        await expect(store.find(ref.key, { signal })).rejects.toBe(reason);
        await expect(store.delete(ref.key, { signal })).rejects.toBe(reason);
        await expect(store.list('', { signal })[Symbol.asyncIterator]().next()).rejects.toBe(reason);
        expect(await store.find(ref.key)).toEqual(ref);
      });

      it('leaves a key absent or whole, and free for another attempt', async () => {
        const bytes = new Uint8Array(8_000_000).fill(7);
        const key = `${place()}/x.bin`;
        const controller = new AbortController();
        const put = store.put(key, bytes, { signal: controller.signal });
        setImmediate(() => controller.abort(reason));
        await put.catch((error: unknown) => expect(error).toBe(reason));
        const found = await store.find(key);
        if (found !== undefined) expect(sha256(await store.get(found))).toBe(found.sha256);
        const ref = await store.put(key, bytes);
        expect(sha256(await store.get(ref))).toBe(ref.sha256);
      });
    });

    describe('presign()', () => {
      it('gives an address that plain HTTP reads, where it gives one', async () => {
        const ref = await store.put(`${place()}/a b+c.txt`, bytesOf('for all'));
        const address = await store.presign(ref, { expirySeconds: 60 });
        if (address === undefined) return;
        expect(await (await fetch(address)).text()).toBe('for all');
      });
    });
  });
}
