import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { EngineManifest } from '@probity/core/engines/engine-build';
import { ONNX_CUDA_BUILD, ONNX_CUDA_LIBRARIES } from '@probity/core/engines/onnx-cuda-installation';
import { env } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasOnnxCuda } from '../../testing/installed-onnx-cuda.js';
import { toolsOfTests } from '../../testing/tools-of-tests.js';
import { createOnnxEngine } from './onnx-engine.js';
import { asOnlyCopy, loadLibrary } from './onnx-library.js';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../../../dist');

let tools: string;
let folder: string;
beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), 'probity-onnx-cuda-'));
  folder = join(tools, ONNX_CUDA_BUILD.folderName);
});
afterEach(() => rm(tools, { recursive: true, force: true }));

async function writeManifest(changes: Partial<EngineManifest> = {}): Promise<void> {
  const { size: bytes } = await stat(join(folder, ONNX_CUDA_LIBRARIES));
  const manifest: EngineManifest = {
    schemaVersion: 1,
    onnxruntime: ONNX_CUDA_BUILD.version,
    device: 'cuda',
    sources: [],
    files: [{ path: ONNX_CUDA_LIBRARIES, bytes, sha256: '0'.repeat(64) }],
    ...changes,
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

async function pretendInstalled(changes: Partial<EngineManifest> = {}): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, ONNX_CUDA_LIBRARIES), 'no library');
  await writeManifest(changes);
}

const create = () => createOnnxEngine({ threads: 1, device: 'cuda', tools });

const unavailable = (state: RegExp) => ({
  code: 'ENGINE_UNAVAILABLE',
  message: expect.stringMatching(new RegExp(`^Cannot use onnxruntime for CUDA at ".*": ${state.source}`, 's')),
});

const hasDriver = () => /libcuda\.so\.1/.test(spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '');
const hasCompiler = spawnSync('g++', ['--version']).status === 0;

describe('createOnnxEngine() on CUDA', () => {
  it('is of the release that npm installs', () => {
    expect(ONNX_CUDA_BUILD.version).toBe(env.versions.node);
  });

  it('says how to get what is not installed, and never takes the CPU instead', async () => {
    await expect(create()).rejects.toMatchObject(
      unavailable(/it is not installed\. Run "probity engine install onnx-cuda"$/),
    );
  });

  it.each([
    [{ onnxruntime: '1.29.0' }, /it is version 1\.29\.0 for cuda, and 1\.30\.0 for cuda is needed/],
    [{ device: 'gpu' }, /it is version 1\.30\.0 for gpu, and 1\.30\.0 for cuda is needed/],
  ])('refuses another one: %j', async (changes, state) => {
    await pretendInstalled(changes);
    await expect(create()).rejects.toMatchObject(unavailable(state));
  });

  it('names a damaged file', async () => {
    await pretendInstalled();
    await writeFile(join(folder, ONNX_CUDA_LIBRARIES), 'cut');
    await expect(create()).rejects.toMatchObject(
      unavailable(/"cuda_libraries\.node" is damaged: it has 3 bytes instead of 10\. Run/),
    );
  });

  it('says what does not load', async () => {
    await pretendInstalled();
    await expect(create()).rejects.toMatchObject(unavailable(/it does not load: .*cuda_libraries\.node/));
  });

  it.skipIf(!hasCompiler || hasDriver())("names NVIDIA's driver where it is what is missing", async () => {
    await mkdir(folder);
    const file = join(tools, 'module.cc');
    await writeFile(file, 'extern "C" void *napi_register_module_v1(void *, void *exports) { return exports; }');
    const driver = join(tools, 'libcuda.so.1');
    const compile = (...args: string[]) => execFileSync('g++', ['-shared', '-fPIC', file, ...args]);
    compile('-Wl,-soname,libcuda.so.1', '-o', driver);
    compile('-Wl,--no-as-needed', driver, '-o', join(folder, ONNX_CUDA_LIBRARIES));
    await writeManifest();
    await expect(create()).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringMatching(
        /^Cannot compute on the device "cuda" .*no driver of NVIDIA's .*PROBITY_ONNX_DEVICE/,
      ),
    });
  });
});

describe('asOnlyCopy()', () => {
  it('refuses a second copy in one process', async () => {
    const library = await loadLibrary();
    expect(asOnlyCopy('onnxruntime-node', library)).toBe(library);
    expect(() => asOnlyCopy(folder, library)).toThrow(
      `Cannot use onnxruntime at "${folder}": this process has loaded "onnxruntime-node"`,
    );
  });
});

const SCRIPT = `
  const [dist, tools] = process.argv.slice(1);
  const { createOnnxEngine } = await import(dist + '/engine/onnx/onnx-engine.js');
  const made = createOnnxEngine({ threads: 1, device: 'cuda', tools });
  console.log(JSON.stringify(await made.then(({ name }) => ({ name }), ({ code, message }) => ({ code, message }))));
  process.exit();`;

describe.skipIf(!hasOnnxCuda)('an installation of onnxruntime for CUDA', () => {
  it('computes on the device, or says what is missing of it', { timeout: 240_000 }, async () => {
    const args = ['--input-type=module', '-e', SCRIPT, dist, toolsOfTests];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: dist });
    const { name, code, message } = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, string>;
    if (name !== undefined) expect(name).toBe('onnx-cuda');
    else {
      expect(code).toBe('ENGINE_UNAVAILABLE');
      expect(message).toMatch(
        /^Cannot compute on the device "cuda".*(no driver|CUDA failure \d+|failed the self-test)/,
      );
    }
  });
});
