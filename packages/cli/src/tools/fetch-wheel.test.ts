import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchWheel, fileDigest, unpackWheel } from './fetch-wheel.js';

const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
if (!hasPip) process.stderr.write('Skipped: tests of wheels need python3 with pip\n');

const MAKE_WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: thing\\nVersion: 1.0\\n")
    wheel.writestr("thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("thing-1.0.dist-info/RECORD", "")
    wheel.writestr("thing/lib/thing.so", "library")
    wheel.writestr("thing/include/thing.h", "header")`;

describe.skipIf(!hasPip)('fetchWheel() and unpackWheel()', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probity-wheel-'));
    await mkdir(join(folder, 'index'));
    env = { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(folder, 'index') };
    spawnSync('python3', ['-c', MAKE_WHEEL, join(folder, 'index/thing-1.0-py3-none-any.whl')]);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('fetch a wheel by its digest and unpack the members that are asked for', async () => {
    const digest = await fileDigest(join(folder, 'index/thing-1.0-py3-none-any.whl'));
    const wheel = await fetchWheel({ requirement: 'thing==1.0', digest }, folder, env);
    expect(basename(wheel)).toBe('thing-1.0-py3-none-any.whl');
    await unpackWheel(wheel, { folder, members: '\\.so$' });
    expect(await readFile(join(folder, 'thing/lib/thing.so'), 'utf8')).toBe('library');
    await expect(readFile(join(folder, 'thing/include/thing.h'))).rejects.toThrow('ENOENT');
  });

  it('refuse a file of another digest', async () => {
    const digest = '0'.repeat(64);
    await expect(fetchWheel({ requirement: 'thing==1.0', digest }, folder, env)).rejects.toThrow(
      `what came has another digest than the pinned sha256 ${digest}`,
    );
  });

  it('say what pip says where nobody has it', async () => {
    await expect(fetchWheel({ requirement: 'thing==2.0', digest: '0'.repeat(64) }, folder, env)).rejects.toThrow(
      /"pip" failed: .*No matching distribution/,
    );
  });

  it('refuse a wheel that is no archive', async () => {
    await writeFile(join(folder, 'broken.whl'), 'no zip');
    await expect(unpackWheel(join(folder, 'broken.whl'), { folder, members: '.' })).rejects.toThrow(/not a zip/i);
  });
});
