import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from './file-lock.js';
import { isRunning, processFingerprint } from './process-fingerprint.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('withFileLock()', () => {
  it('lets one call run at a time', async () => {
    let inside = 0;
    let insideMax = 0;
    const call = () =>
      withFileLock(path, async () => {
        insideMax = Math.max(insideMax, ++inside);
        await new Promise(setImmediate);
        inside--;
      });
    await Promise.all(Array.from({ length: 4 }, call));
    expect(insideMax).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('gives the lock back when the call fails', async () => {
    await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['ended', () => JSON.stringify({ pid: spawnSync(process.execPath, ['--version']).pid, fingerprint: 'x' })],
    ['gave its pid to another', () => JSON.stringify({ pid: process.pid, fingerprint: 'another time' })],
    ['is not one of ours', () => 'scribble'],
  ])('takes the lock of a process that %s', async (_, lock) => {
    await writeFile(path, lock());
    expect(await withFileLock(path, async () => 'done')).toBe('done');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('processFingerprint()', () => {
  it('is the same for a process at every look, and undefined for one that ended', async () => {
    const fingerprint = await processFingerprint(process.pid);
    expect(fingerprint).toBeDefined();
    expect(await processFingerprint(process.pid)).toBe(fingerprint);
    expect(await isRunning({ pid: process.pid, fingerprint: fingerprint! })).toBe(true);
    expect(await processFingerprint(spawnSync(process.execPath, ['--version']).pid)).toBeUndefined();
  });
});
