import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { listSupportedBackends } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine } from './onnx-engine.js';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../../../dist');

/** Vulkan in software, as Chromium brings it along. */
const SOFTWARE_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Makes the engine on WebGPU, self-test included, and computes with it. */
const SCRIPT = `
  const { createOnnxEngine } = await import(process.argv[1] + '/engine/onnx/onnx-engine.js');
  const { trace } = await import('@probity/tfjs-graph/trace');
  const tf = await import('@tensorflow/tfjs');
  const graph = trace(({ bytes }) => Object.fromEntries(tf.split(bytes, 16).map((part, i) => ['y' + i, tf.square(part)])), {
    bytes: { shape: [16], dtype: 'uint8' },
  });
  const { name, choice, compile } = await createOnnxEngine({ threads: 1, device: 'webgpu' });
  const executable = await compile(graph);
  const results = await executable.run({ bytes: Uint8Array.from({ length: 16 }, (_, i) => i) });
  console.log(JSON.stringify({ name, choice, squares: Object.values(results).map(([square]) => square) }));
  process.exit(0);`;

describe('createOnnxEngine() on a device', () => {
  it.skipIf(!existsSync(SOFTWARE_DRIVER))(
    'trains on WebGPU as on the CPU, and splits what its programs cannot write at once',
    { timeout: 240_000 },
    async () => {
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT, dist], {
        cwd: dist,
        env: { ...process.env, VK_ICD_FILENAMES: SOFTWARE_DRIVER },
      });
      expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual({
        name: 'onnx-webgpu',
        choice: expect.stringMatching(/^onnxruntime .*device webgpu, self-test passed$/),
        squares: Array.from({ length: 16 }, (_, i) => i * i),
      });
    },
  );

  const hasCuda = listSupportedBackends().some(({ name, bundled }) => name === 'cuda' && bundled);
  it.skipIf(hasCuda)('says what a device lacks instead of taking the CPU', async () => {
    await expect(createOnnxEngine({ threads: 1, device: 'cuda' })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringMatching(/^Cannot compute on the device "cuda": .*PROBITY_ONNX_DEVICE/s),
    });
  });
});
