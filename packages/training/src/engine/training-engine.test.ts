import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EngineByMeasurement } from '@probity/core/engines/measured-choice';
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

const absent = { state: 'absent', sentence: 'not measured' } as const;
const choose = (
  wanted: TrainingEngineOptions['wanted'],
  { folder = tools, measured = absent }: { folder?: string; measured?: EngineByMeasurement } = {},
) => chooseTrainingEngine({ wanted, tools: folder, threads: 1, onnx, measured });

/** @param others Engines that were measured besides ONNX. */
const measuredFor = (engine: string, ...others: string[]): EngineByMeasurement => ({
  state: 'usable',
  sentence: 'measured yesterday',
  engine,
  measured: [onnx.name, ...others],
});

describe('chooseTrainingEngine()', () => {
  it('takes ONNX where it is asked for, and where TensorFlow for GPUs is not installed', async () => {
    expect(await choose('onnx')).toEqual({ engine: onnx, reason: 'as asked for' });
    await mkdir(join(tools, tensorFlowFolderName('cpu')));
    expect(await choose('auto')).toEqual({
      engine: onnx,
      reason: 'TensorFlow for GPUs is not installed; not measured',
    });
  });

  it('takes ONNX and says why where TensorFlow for GPUs cannot be used', async () => {
    await mkdir(join(tools, tensorFlowFolderName('gpu')));
    expect(await choose('auto')).toEqual({
      engine: onnx,
      reason: expect.stringMatching(/^Cannot use TensorFlow at .*; not measured$/),
      passedOver: 'tensorflow-gpu',
    });
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
    const { engine, reason } = await choose('tensorflow', { folder: dirname(installedTensorFlow.folder) });
    expect(engine.name).toBe('tensorflow-cpu');
    expect(reason).toBe(`as asked for; ${engine.choice}`);
  });

  it.skipIf(!hasTensorFlow)('takes what was measured to be faster, and ONNX where that was asked for', async () => {
    const [folder, measured] = [dirname(installedTensorFlow.folder), measuredFor('tensorflow-cpu', 'tensorflow-cpu')];
    const { engine, reason, passedOver } = await choose('auto', { folder, measured });
    expect(engine.name).toBe('tensorflow-cpu');
    expect(reason).toBe(`measured yesterday; ${engine.choice}`);
    expect(passedOver).toBeUndefined();
    expect(await choose('onnx', { folder, measured })).toEqual({ engine: onnx, reason: 'as asked for' });
  });

  it('takes ONNX where it was measured to be no slower', async () => {
    const measured = measuredFor(onnx.name, 'tensorflow-cpu');
    expect(await choose('auto', { measured })).toEqual({ engine: onnx, reason: 'measured yesterday' });
  });

  it('goes by the measurement where TensorFlow for GPUs is installed too, and says that it is passed over', async () => {
    await mkdir(join(tools, tensorFlowFolderName('gpu')));
    expect(await choose('auto', { measured: measuredFor(onnx.name, 'tensorflow-gpu') })).toEqual({
      engine: onnx,
      reason: 'measured yesterday',
    });
    expect(await choose('auto', { measured: measuredFor(onnx.name) })).toEqual({
      engine: onnx,
      reason: 'measured yesterday',
      passedOver: 'tensorflow-gpu',
    });
  });

  it('takes ONNX and says why where what was measured cannot be used any more', async () => {
    expect(await choose('auto', { measured: measuredFor('tensorflow-cpu', 'tensorflow-cpu') })).toEqual({
      engine: onnx,
      reason: expect.stringMatching(/-cpu": it is not installed.*; measured yesterday$/),
      passedOver: 'tensorflow-cpu',
    });
  });

  it('ignores a measurement of another form of ONNX, and says so', async () => {
    const measured = { ...measuredFor('tensorflow-cpu'), measured: ['onnx-other', 'tensorflow-cpu'] };
    const { engine, reason } = await choose('auto', { measured });
    expect(engine).toBe(onnx);
    expect(reason).toMatch(/the measurement is ignored, it knows no onnx-cpu.*\. Run "probity engine measure"$/);
  });
});
