import { ProbityError } from '@probity/core/errors';
import { describe, expect, it } from 'vitest';
import { callLibrary } from './library-call.js';

describe('callLibrary()', () => {
  it.each([
    ['OUT_OF_MEMORY', 'Sub node. Status Message: std::bad_alloc', /^Cannot run a graph: .*no memory left.*bad_alloc/],
    ['OUT_OF_MEMORY', 'CUDA failure 2: out of memory ; GPU=0', /no memory left/],
    [
      'DEVICE_LOST',
      'CUDA failure 719: unspecified launch failure',
      /^Cannot run a graph: the device is lost: CUDA failure 719/,
    ],
  ])('gives %s to what the library said, and keeps it: %s', async (code, said, message) => {
    const cause = new Error(said);
    const named = callLibrary('run a graph', () => Promise.reject(cause));
    await expect(named).rejects.toMatchObject({ code, cause, message: expect.stringMatching(message) });
    await expect(named).rejects.toBeInstanceOf(ProbityError);
  });

  it('leaves every other error as it came, and every answer', async () => {
    const cause = new Error('Got invalid dimensions for input: images');
    await expect(callLibrary('run a graph', () => Promise.reject(cause))).rejects.toBe(cause);
    expect(await callLibrary('run a graph', () => Promise.resolve(7))).toBe(7);
  });
});
