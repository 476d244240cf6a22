import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineManifest } from '@probity/core/engines/engine-build';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasTensorFlow, installedTensorFlow } from '../testing/installed-tensorflow.js';
import { createTensorFlowEngine } from './tensorflow/tensorflow-engine.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-tensorflow-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const files = [
  { path: 'tfjs_binding.node', text: 'no library' },
  { path: 'tensorflow/libtensorflow_cc.so.2', text: 'no library either' },
];

async function pretendInstalled(changes: Partial<EngineManifest> = {}): Promise<void> {
  await mkdir(join(folder, 'tensorflow'));
  for (const { path, text } of files) await writeFile(join(folder, path), text);
  const manifest: EngineManifest = {
    schemaVersion: 1,
    tensorflow: '2.21.0',
    device: 'cpu',
    sources: [],
    files: files.map(({ path, text }) => ({ path, bytes: text.length, sha256: '0'.repeat(64) })),
    ...changes,
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

const create = (device: 'cpu' | 'gpu' = 'cpu') => createTensorFlowEngine({ folder, device, threads: 1 });

const unavailable = (state: RegExp) => ({
  code: 'ENGINE_UNAVAILABLE',
  message: expect.stringMatching(new RegExp(`^Cannot use TensorFlow at ".*": ${state.source}`, 's')),
});

describe('an installation of TensorFlow', () => {
  it('is missing, and the message says how to get it', async () => {
    await rm(folder, { recursive: true });
    await expect(create()).rejects.toMatchObject(
      unavailable(/it is not installed\. Run "probity engine install tensorflow"$/),
    );
    await expect(create('gpu')).rejects.toMatchObject(
      unavailable(/it is not installed\. Run "probity engine install tensorflow --gpu"$/),
    );
  });

  it('is half there', async () => {
    await expect(create()).rejects.toMatchObject(unavailable(/"manifest\.json" is missing/));
    await writeFile(join(folder, 'manifest.json'), '{"schemaVersion": 1');
    await expect(create()).rejects.toMatchObject(unavailable(/"manifest\.json" is damaged/));
  });

  it.each([
    [{ tensorflow: '2.9.1' }, /it is version 2\.9\.1 for cpu, and 2\.21\.0 for cpu is needed/],
    [{ device: 'gpu' as const }, /it is version 2\.21\.0 for gpu, and 2\.21\.0 for cpu is needed/],
  ])('is another one: %j', async (changes, state) => {
    await pretendInstalled(changes);
    await expect(create()).rejects.toMatchObject(unavailable(state));
  });

  it('has damaged and missing files, which are all named', async () => {
    await pretendInstalled();
    await rm(join(folder, 'tfjs_binding.node'));
    await writeFile(join(folder, 'tensorflow/libtensorflow_cc.so.2'), 'cut');
    await expect(create()).rejects.toMatchObject(
      unavailable(
        /"tfjs_binding\.node" is missing; "tensorflow\/libtensorflow_cc\.so\.2" is damaged: it has 3 bytes instead of 17\. Run/,
      ),
    );
  });

  it('does not load', async () => {
    await pretendInstalled();
    await expect(create()).rejects.toMatchObject(unavailable(/it does not load: .*tfjs_binding\.node/));
  });

  it.skipIf(!hasTensorFlow)('is for a GPU, where there is none: it never computes on the CPU instead', async () => {
    await pretendInstalled({ device: 'gpu', files: [] });
    await rm(join(folder, 'tfjs_binding.node'));
    await symlink(join(installedTensorFlow.folder, 'tfjs_binding.node'), join(folder, 'tfjs_binding.node'));
    await expect(create('gpu')).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringMatching(/^Cannot train on a GPU with TensorFlow at ".*": it finds none that it can use/),
    });
  });
});
