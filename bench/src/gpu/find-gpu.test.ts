import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftOut, skipReason, type GpuFindings } from './find-gpu.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

const all: GpuFindings = {
  driver: { found: 'a device, 580.12' },
  training: { found: { folder: '/tools/tensorflow' } },
  trainingInBfloat16: { found: { folder: '/tools/tensorflow' } },
  prediction: { found: { device: 'cuda', tools: '/tools' } },
};

describe('skipReason()', () => {
  it('is none where the driver and at least one engine are there; the other is named', () => {
    expect(skipReason(all)).toBeUndefined();
    expect(leftOut(all)).toEqual([]);
    const half: GpuFindings = {
      ...all,
      trainingInBfloat16: { lack: 'too old' },
      prediction: { lack: 'not installed' },
    };
    expect(skipReason(half)).toBeUndefined();
    expect(leftOut(half)).toEqual([
      'gpu: no row of training in bfloat16: too old',
      'gpu: no row of prediction: not installed',
    ]);
  });

  it.each([
    { ...all, driver: { lack: 'no driver' } },
    { ...all, training: { lack: 'no trainer' }, prediction: { lack: 'no predictor' } },
  ] satisfies GpuFindings[])('says everything that was looked for: %j', (findings) => {
    const reason = skipReason(findings)!;
    expect(reason).toMatch(/^gpu: skipped, nothing is measured/);
    expect(reason).not.toContain('\n');
    const { driver, training, prediction } = findings;
    for (const thing of [driver, training, prediction])
      expect(reason).toContain('lack' in thing ? thing.lack : ': found.');
  });
});

describe('bench gpu on a machine without a GPU', () => {
  let tools: string;
  beforeEach(async () => {
    tools = await mkdtemp(join(tmpdir(), 'probity-bench-gpu-'));
  });
  afterEach(() => rm(tools, { recursive: true }));

  it(
    'says in one paragraph what it looked for and where, reports nothing, and is no failure',
    { timeout: 120_000 },
    async () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'gpu', '--json'], {
        encoding: 'utf8',
        cwd: tools,
        env: { PATH: '', PROBITY_TOOLS: tools },
      });
      expect(status).toBe(0);
      expect(stdout).toBe('');
      const [paragraph, ...others] = stderr.trim().split('\n');
      expect(others).toEqual([]);
      expect(paragraph).toContain('"nvidia-smi" does not run from the PATH');
      expect(paragraph).toContain(`TensorFlow at "${join(tools, 'tensorflow-2.21.0-gpu')}": it is not installed`);
      expect(paragraph).toContain(`CUDA at "${join(tools, 'onnxruntime-1.30.0-cuda')}": it is not installed`);
      expect(await readdir(tools)).toEqual([]);
    },
  );
});
