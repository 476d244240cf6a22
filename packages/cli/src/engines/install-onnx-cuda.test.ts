import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ONNX_CUDA_BUILD, ONNX_CUDA_LIBRARIES, ONNX_CUDA_PACKAGE } from '@probity/core/engines/onnx-cuda-installation';
import { repositoryRoot } from '@probity/connections/tools-folder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile } from './compile.js';
import { compileCudaLibraries, driverStandIn } from './compile-cuda-libraries.js';
import { copyOnnxruntime } from './copy-onnxruntime.js';
import { writeManifest } from './installed-files.js';
import { installOnnxCuda } from './install-onnx-cuda.js';
import { CUDA_12_WHEELS, CUDA_13_WHEELS } from './nvidia-wheels.js';
import { DRIVER_LIBRARY, NVIDIA_FOLDERS, NVIDIA_LIBRARIES } from './onnx-cuda-sources.js';
import type { Machine } from './require-fit-machine.js';

const fit: Machine = { platform: 'linux-x64', glibc: '2.36', freeBytes: () => Promise.resolve(1e12) };

const hasCompiler = spawnSync('g++', ['--version']).status === 0;
const hasPrograms = hasCompiler && spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
if (!hasPrograms) process.stderr.write('Skipped: tests of installation that need g++ and python3 with pip\n');

let tools: string;
beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), 'probity-onnx-cuda-'));
});
afterEach(() => rm(tools, { recursive: true, force: true }));

interface Changes {
  readonly machine?: Partial<Machine>;
  readonly environment?: NodeJS.ProcessEnv;
  readonly packagesOf?: string;
  readonly lines?: string[];
}

const install = ({ machine, environment = { PATH: '' }, packagesOf, lines = [] }: Changes = {}) =>
  installOnnxCuda({
    environment: { ...environment, PROBITY_TOOLS: tools },
    machine: { ...fit, ...machine },
    onProgress: (line) => lines.push(line),
    ...(packagesOf !== undefined && { packagesOf }),
  });

const failure = (message: RegExp) => ({ code: 'INSTALL_FAILED', message: expect.stringMatching(message) });

/** A folder that looks like an installation, of a few bytes. */
async function pretendInstalled(): Promise<string> {
  const folder = join(tools, ONNX_CUDA_BUILD.folderName);
  await mkdir(folder);
  await writeFile(join(folder, ONNX_CUDA_LIBRARIES), 'libraries');
  await writeManifest(folder, { build: ONNX_CUDA_BUILD, sources: [] });
  return folder;
}

describe('installOnnxCuda() before anything is fetched', () => {
  it('lists everything the machine lacks at once, and needs no npm', async () => {
    const message = await install({ machine: { freeBytes: () => Promise.resolve(3e8) } }).catch(String);
    expect(message).toContain('Cannot install "onnxruntime-1.30.0-cuda": 3 fault(s)\n');
    expect(message).toContain('there is no compiler "g++"');
    expect(message).toContain('there is no "python3" with pip');
    expect(message).toContain(`3.2 GB are needed in "${tools}" and 0.3 GB are free`);
    expect(await readdir(tools)).toEqual([]);
  });

  it.each([
    [{ platform: 'linux-arm64' }, /built for linux-x64, and this is linux-arm64/],
    [{ glibc: '2.27' }, /needs glibc 2\.28 or later, and this machine has 2\.27/],
  ])('refuses a machine that it is not built for: %j', async (machine, message) => {
    await expect(install({ machine })).rejects.toMatchObject(failure(message));
  });

  it('removes what an installation that was cut off has left', async () => {
    await mkdir(join(tools, `.installing-${ONNX_CUDA_BUILD.folderName}-abc123/nvidia`), { recursive: true });
    await expect(install({ machine: { platform: 'plan9-mips' } })).rejects.toMatchObject({ code: 'INSTALL_FAILED' });
    expect(await readdir(tools)).toEqual([]);
  });
});

describe('installOnnxCuda() where it is installed', () => {
  it('verifies every file and needs nothing for it', async () => {
    const folder = await pretendInstalled();
    expect(await install()).toEqual({ folder, version: ONNX_CUDA_BUILD.version, device: 'cuda', isNew: false });
  });

  it('says what is damaged, and replaces it only when what is new is whole', async () => {
    const folder = await pretendInstalled();
    await writeFile(join(folder, ONNX_CUDA_LIBRARIES), 'Libraries');
    const lines: string[] = [];
    await expect(install({ lines })).rejects.toMatchObject({ code: 'INSTALL_FAILED' });
    expect(lines).toEqual([`What is installed is replaced: ${ONNX_CUDA_LIBRARIES} is damaged`]);
    expect((await readdir(folder)).toSorted()).toEqual([ONNX_CUDA_LIBRARIES, 'manifest.json']);
  });
});

describe.skipIf(!hasPrograms)('installOnnxCuda() from sources that cannot be used', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** An index with one wheel of the wanted name and other bytes. */
  async function index(): Promise<string> {
    const file = 'onnxruntime_gpu-1.30.0-cp312-cp312-manylinux_2_28_x86_64.whl';
    server = createServer((request, response) => {
      if (request.url?.endsWith('.whl')) return void response.end('not what was published');
      response.setHeader('content-type', 'text/html');
      return void response.end(`<!DOCTYPE html><a href="/${file}">${file}</a>`);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server!.once('listening', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
  }

  const through = (address: string): NodeJS.ProcessEnv => ({
    ...process.env,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: address,
    PIP_RETRIES: '0',
  });

  it('keeps nothing of a damaged download', async () => {
    const tried = install({ environment: through(await index()) });
    await expect(tried).rejects.toMatchObject(
      failure(/Fetching onnxruntime-gpu==1\.30\.0 from PyPI: what came has another digest than the pinned sha256 /),
    );
    expect(await readdir(tools)).toEqual([]);
  });

  it('says that no source answers', async () => {
    await expect(install({ environment: through('http://127.0.0.1:9/simple/') })).rejects.toMatchObject(
      failure(/Fetching onnxruntime-gpu==1\.30\.0 from PyPI: "pip" failed: /),
    );
    expect(await readdir(tools)).toEqual([]);
  });

  it('refuses an npm package of another version, and one that is missing', async () => {
    const other = join(tools, 'node_modules/onnxruntime-node');
    await mkdir(other, { recursive: true });
    await writeFile(join(other, 'package.json'), '{"version": "1.29.0"}');
    await expect(install({ environment: process.env, packagesOf: join(tools, 'package.json') })).rejects.toMatchObject(
      failure(/Copying onnxruntime-node: ".*" is version 1\.29\.0, and 1\.30\.0 is needed; run "npm ci"$/),
    );
    await rm(join(tools, 'node_modules'), { recursive: true });
    await expect(install({ environment: process.env, packagesOf: join(tools, 'package.json') })).rejects.toMatchObject(
      failure(/there is no package "onnxruntime-node" beside ".*"; run "npm ci"$/),
    );
  });
});

describe('copyOnnxruntime()', () => {
  it('copies what loads and computes by itself', async () => {
    const source = await copyOnnxruntime(join(repositoryRoot, 'packages/training/package.json'), tools);
    expect(source).toEqual({ name: 'onnxruntime-node@1.30.0', digest: expect.stringMatching(/^sha256-[0-9a-f]{64}$/) });
    const script =
      'const { env, listSupportedBackends } = require(process.argv[1]); listSupportedBackends(); console.log(env.versions.node)';
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script, join(tools, ONNX_CUDA_PACKAGE)], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe('1.30.0');
  });
});

describe.skipIf(!hasCompiler)('compileCudaLibraries()', () => {
  /** Libraries of NVIDIA's names without content. */
  async function standIns(folder: string): Promise<void> {
    const source = join(tools, 'empty.cc');
    await writeFile(source, '');
    for (const place of NVIDIA_FOLDERS) await mkdir(join(folder, place), { recursive: true });
    for (const library of NVIDIA_LIBRARIES) {
      const place = NVIDIA_FOLDERS[library.startsWith('libcudnn') ? 1 : 0];
      const output = join(folder, place, library);
      await compile(['-shared', '-fPIC', source, `-Wl,-soname,${library}`, '-o', output], process.env);
    }
  }

  it('loads what lies in its folder, wherever that is moved to, once there is a driver', async () => {
    const folder = join(tools, 'made');
    await standIns(folder);
    await compileCudaLibraries({ folder, work: tools }, process.env);
    const moved = join(tools, 'moved');
    await rename(folder, moved);
    const script = "require(process.argv[1]); console.log(require('node:fs').readFileSync('/proc/self/maps', 'utf8'))";
    const load = (env: NodeJS.ProcessEnv) =>
      spawnSync(process.execPath, ['-e', script, join(moved, ONNX_CUDA_LIBRARIES)], { encoding: 'utf8', env });
    const { stdout, stderr } = load({ ...process.env, LD_LIBRARY_PATH: driverStandIn(tools) });
    expect(stderr).toBe('');
    for (const library of NVIDIA_LIBRARIES) expect(stdout).toMatch(new RegExp(`${moved}/nvidia/.*/lib/${library}`));
    if (!spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout.includes(DRIVER_LIBRARY))
      expect(load(process.env).stderr).toContain(`${DRIVER_LIBRARY}: cannot open shared object file`);
  });
});

it('takes the same cuDNN for both libraries, since a process loads it once', () => {
  const cudnn = [...CUDA_12_WHEELS, ...CUDA_13_WHEELS].flatMap(
    ({ requirement }) => /cudnn-cu1[23]==(.*)$/.exec(requirement)?.slice(1) ?? [],
  );
  expect(cudnn).toHaveLength(2);
  expect(new Set(cudnn).size).toBe(1);
});
