import { ProbityError } from '@probity/core/errors';
import { MemoryArtifactStore } from '@probity/test-support/memory-artifact-store';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { findResult, once, readJson, type OnceRequest, type ResultPlace } from './once.js';

interface Answer {
  readonly count: number;
}

const schema = z.object({ count: z.int() });
const requestOn = (store: MemoryArtifactStore, changes: Partial<OnceRequest<Answer>> = {}): OnceRequest<Answer> => ({
  store,
  step: 'gather-selections',
  version: 1,
  inputs: { seed: 1 },
  schema,
  ...changes,
});
const bytes = (text: string) => new TextEncoder().encode(text);
const answer = (count: number) => vi.fn(() => Promise.resolve({ count }));

describe('once()', () => {
  it('computes what is not there, and finds it from then on', async () => {
    const request = requestOn(new MemoryArtifactStore());
    expect(await findResult(request)).toBeUndefined();
    const first = await once(request, answer(3));
    expect(first).toMatchObject({ count: 3, reused: false });
    const again = answer(4);
    expect(await once(request, again)).toEqual({ ...first, reused: true });
    expect(again).not.toHaveBeenCalled();
  });

  it.each<[string, Partial<OnceRequest<Answer>>]>([
    ['other inputs', { inputs: { seed: 2 } }],
    ['a new meaning of the step', { version: 2 }],
    ['another step', { step: 'select-shard' }],
  ])('computes anew for %s', async (_, changes) => {
    const store = new MemoryArtifactStore();
    await once(requestOn(store), answer(3));
    expect(await once(requestOn(store, changes), answer(4))).toMatchObject({ count: 4, reused: false });
  });

  it('does not care in which order the inputs were written', async () => {
    const store = new MemoryArtifactStore();
    await once(requestOn(store, { inputs: { a: 1, b: { c: 2, d: 3 } } }), answer(3));
    expect(await once(requestOn(store, { inputs: { b: { d: 3, c: 2 }, a: 1 } }), answer(4))).toMatchObject({
      count: 3,
    });
  });

  it('publishes the result after its files: what was cut off is done again', async () => {
    const store = new MemoryArtifactStore();
    const compute = async ({ put }: ResultPlace) => {
      await put('part.bin', bytes('part'));
      return { count: 1 };
    };
    store.beforePut = (key) => {
      if (key.endsWith('result.json')) throw new ProbityError('STORE_UNAVAILABLE', 'Cannot put: away');
    };
    await expect(once(requestOn(store), compute)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    store.beforePut = () => {};
    expect(await once(requestOn(store), compute)).toMatchObject({ count: 1, reused: false });
  });

  it('puts a file beside the one of other bytes that an attempt on another device left', async () => {
    const store = new MemoryArtifactStore();
    const computed =
      (text: string) =>
      async ({ putJson }: ResultPlace) => ({ count: (await putJson('map.json', text)).bytes });
    store.beforePut = (key) => {
      if (key.endsWith('result.json')) throw new ProbityError('STORE_UNAVAILABLE', 'Cannot put: away');
    };
    await expect(once(requestOn(store), computed('one'))).rejects.toThrow();
    store.beforePut = () => {};
    expect(await once(requestOn(store), computed('other'))).toMatchObject({ count: '"other"'.length, reused: false });
  });

  it('takes the result of a faster attempt, where two came to different ones', async () => {
    const store = new MemoryArtifactStore();
    const slow = once(requestOn(store), async () => {
      await once(requestOn(store), answer(1));
      return { count: 2 };
    });
    expect(await slow).toMatchObject({ count: 1, reused: true });
  });

  it('publishes nothing after a cancellation', async () => {
    const store = new MemoryArtifactStore();
    const cancelling = new AbortController();
    const request = requestOn(store, { signal: cancelling.signal });
    const cancelled = once(request, () => {
      cancelling.abort(new Error('cancelled'));
      return Promise.resolve({ count: 1 });
    });
    await expect(cancelled).rejects.toThrow('cancelled');
    expect(await findResult(requestOn(store))).toBeUndefined();
  });
});

describe('readJson()', () => {
  it.each([
    ['no JSON', 'not JSON'],
    ['JSON of another shape', '{"count":"many"}'],
  ])('fails with ARTIFACT_CORRUPT on %s, and names the key', async (_, text) => {
    const store = new MemoryArtifactStore();
    const ref = await store.put('some/key.json', bytes(text));
    await expect(readJson(store, ref, schema)).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
      message: expect.stringContaining('"some/key.json"'),
    });
  });
});
