import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  TENSORFLOW_VERSION,
  tensorFlowBuild,
  tensorFlowFolderName,
} from '@probity/core/engines/tensorflow-installation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installTensorFlow } from './install-tensorflow.js';
import { writeManifest } from './installed-files.js';
import type { Machine } from './require-fit-machine.js';

const fit: Machine = { platform: 'linux-x64', glibc: '2.36', freeBytes: () => Promise.resolve(1e12) };

const programs = [
  ['g++', '--version'],
  ['python3', '-m', 'pip', '--version'],
] as const;
const hasPrograms = programs.every(([command, ...args]) => spawnSync(command, args).status === 0);
if (!hasPrograms) process.stderr.write('Skipped: tests of installation that need g++ and python3 with pip\n');

let tools: string;
beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), 'probity-engine-'));
});
afterEach(() => rm(tools, { recursive: true, force: true }));

const install = (machine: Partial<Machine>, environment: NodeJS.ProcessEnv = {}, lines: string[] = []) =>
  installTensorFlow({
    device: 'cpu',
    environment: { PATH: '', ...environment, PROBITY_TOOLS: tools },
    machine: { ...fit, ...machine },
    onProgress: (line) => lines.push(line),
  });

/** A folder that looks like an installation, of a few bytes. */
async function pretendInstalled(): Promise<string> {
  const folder = join(tools, tensorFlowFolderName('cpu'));
  await mkdir(join(folder, 'tensorflow'), { recursive: true });
  await writeFile(join(folder, 'tfjs_binding.node'), 'binding');
  await writeFile(join(folder, 'tensorflow/libtensorflow_cc.so.2'), 'library');
  await writeManifest(folder, { build: tensorFlowBuild('cpu'), sources: [] });
  return folder;
}

describe('installTensorFlow() before anything is fetched', () => {
  it('lists everything the machine lacks at once', async () => {
    const tried = install({ freeBytes: () => Promise.resolve(3e8) });
    await expect(tried).rejects.toMatchObject({ code: 'INSTALL_FAILED' });
    const message = await tried.catch((error: Error) => error.message);
    expect(message).toMatch(/^Cannot install "tensorflow-2\.21\.0-cpu": 5 fault\(s\)\n/);
    expect(message).toContain('there is no compiler "g++"');
    expect(message).toContain('there is no "python3" with pip');
    expect(message).toContain('there is no "npm"');
    expect(message).toContain(`1.2 GB are needed in "${tools}" and 0.3 GB are free`);
    expect(message).toContain('PROBITY_TOOLS');
    expect(await readdir(tools)).toEqual([]);
  });

  it.each([
    [{ platform: 'darwin-arm64' }, /built for linux-x64, and this is darwin-arm64; docs\/engines\.md/],
    [{ glibc: '2.17' }, /needs glibc 2\.27 or later, and this machine has 2\.17/],
    [{ glibc: undefined }, /this machine has another C library/],
  ])('refuses a machine that it is not built for: %j', async (machine, message) => {
    await expect(install(machine)).rejects.toMatchObject({
      code: 'INSTALL_FAILED',
      message: expect.stringMatching(message),
    });
  });

  it('says where it can make no folder', async () => {
    await writeFile(join(tools, 'file'), '');
    await expect(
      installTensorFlow({ device: 'cpu', environment: { PROBITY_TOOLS: join(tools, 'file/tools') }, machine: fit }),
    ).rejects.toMatchObject({ code: 'INSTALL_FAILED', message: expect.stringMatching(/can be no folder ".*ENOTDIR/) });
  });

  it('removes what an installation that was killed has left', async () => {
    await mkdir(join(tools, `.installing-${tensorFlowFolderName('cpu')}-abc123/made`), { recursive: true });
    await expect(install({ platform: 'plan9-mips' })).rejects.toMatchObject({ code: 'INSTALL_FAILED' });
    expect(await readdir(tools)).toEqual([]);
  });
});

describe('installTensorFlow() where it is installed', () => {
  it('verifies every file and needs nothing for it', async () => {
    const folder = await pretendInstalled();
    expect(await install({})).toEqual({ folder, version: TENSORFLOW_VERSION, device: 'cpu', isNew: false });
  });

  it.each([
    [
      'tensorflow/libtensorflow_cc.so.2 is damaged',
      (folder: string) => writeFile(join(folder, 'tensorflow/libtensorflow_cc.so.2'), 'Library'),
    ],
    ['tfjs_binding.node is missing', (folder: string) => rm(join(folder, 'tfjs_binding.node'))],
    ['manifest.json is missing or damaged', (folder: string) => writeFile(join(folder, 'manifest.json'), '{"schema')],
  ])('says that %s, and replaces it only when what is new is whole', async (fault, damage) => {
    const folder = await pretendInstalled();
    await damage(folder);
    const before = await readdir(folder, { recursive: true });
    const lines: string[] = [];
    await expect(install({}, {}, lines)).rejects.toMatchObject({ code: 'INSTALL_FAILED' });
    expect(lines).toEqual([`What is installed is replaced: ${fault}`]);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });
});

describe.skipIf(!hasPrograms)('installTensorFlow() with a registry that cannot be trusted', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** Serves one package of the wanted name and other bytes, whose digest it states itself. */
  async function registry(): Promise<string> {
    server = createServer((request, response) => {
      const address = `http://${request.headers.host}`;
      if (request.url?.endsWith('.tgz')) return void response.end('not what was published');
      const version = { name: '@tensorflow/tfjs-node', version: '4.22.0', dist: { tarball: `${address}/binding.tgz` } };
      return void response.end(JSON.stringify({ name: version.name, versions: { '4.22.0': version } }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server!.once('listening', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  const through = (address: string): NodeJS.ProcessEnv => ({
    ...process.env,
    npm_config_registry: address,
    npm_config_cache: join(tools, 'cache'),
    npm_config_fetch_retries: '0',
  });

  it('keeps nothing of a damaged download', async () => {
    await expect(install({}, through(await registry()))).rejects.toMatchObject({
      code: 'INSTALL_FAILED',
      message: expect.stringMatching(/Fetching @tensorflow\/tfjs-node@4\.22\.0 from npm: .*not the pinned sha512-/s),
    });
    expect(await readdir(tools)).toEqual(['cache']);
  });

  it('says that no source answers', async () => {
    await expect(install({}, through('http://127.0.0.1:9/'))).rejects.toMatchObject({
      code: 'INSTALL_FAILED',
      message: expect.stringMatching(/Fetching @tensorflow\/tfjs-node@4\.22\.0 from npm: "npm" failed: /),
    });
    expect(await readdir(tools)).toEqual(['cache']);
  });
});
