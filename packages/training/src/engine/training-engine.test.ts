import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { tensorFlowFolderName } from '@probity/core/engines/tensorflow-installation';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasTensorFlow, installedTensorFlow } from '../testing/installed-tensorflow.js';
import type { Engine } from './engine.js';
import { createOnnxEngine } from './onnx/onnx-engine.js';
import { chooseTrainingEngine, type TrainingEngineOptions } from './training-engine.js';

let onnx: Engine;
beforeAll(async () => {
  onnx = await createOnnxEngine({ threads: 1 });
});

let tools: string;
beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), 'probity-tools-'));
});
afterEach(() => rm(tools, { recursive: true, force: true }));

const choose = (wanted: TrainingEngineOptions['wanted'], folder = tools) =>
  chooseTrainingEngine({ wanted, tools: folder, threads: 1, onnx });

describe('chooseTrainingEngine()', () => {
  it('takes ONNX where it is asked for, and where TensorFlow for GPUs is not installed', async () => {
    expect(await choose('onnx')).toEqual({ engine: onnx, reason: 'as asked for' });
    await mkdir(join(tools, tensorFlowFolderName('cpu')));
    expect(await choose('auto')).toEqual({ engine: onnx, reason: 'TensorFlow for GPUs is not installed' });
  });

  it('takes ONNX and says why where TensorFlow for GPUs cannot be used', async () => {
    await mkdir(join(tools, tensorFlowFolderName('gpu')));
    expect(await choose('auto')).toEqual({ engine: onnx, reason: expect.stringMatching(/^Cannot use TensorFlow at/) });
  });

  it('takes nothing else where TensorFlow is asked for', async () => {
    await expect(choose('tensorflow')).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringMatching(/-cpu": it is not installed/),
    });
    await mkdir(join(tools, tensorFlowFolderName('gpu')));
    await expect(choose('tensorflow')).rejects.toMatchObject({ message: expect.stringMatching(/-gpu": /) });
  });

  it.skipIf(!hasTensorFlow)('takes TensorFlow where it is asked for and installed', async () => {
    const { engine, reason } = await choose('tensorflow', dirname(installedTensorFlow.folder));
    expect(engine.name).toBe('tensorflow-cpu');
    expect(reason).toBe(`as asked for; ${engine.choice}`);
  });
});
