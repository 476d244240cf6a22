import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineBuild } from '@probity/core/engines/engine-build';
import { ONNX_CUDA_BUILD } from '@probity/core/engines/onnx-cuda-installation';
import {
  tensorFlowBuild,
  tensorFlowFolderName,
  TENSORFLOW_VERSION,
} from '@probity/core/engines/tensorflow-installation';
import { chooseForMachine, type EngineSettings } from '@probity/connections/engine-settings';
import { describeSurroundings, measurementPath } from '@probity/connections/machine-measurement';
import { toolsFolder } from '@probity/connections/tools-folder';
import type { MachineMeasurement } from '@probity/core/engines/machine-measurement';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeManifest } from '../engines/installed-files.js';
import { checkEngines, engineFinding } from './check-engines.js';

const installed = join(toolsFolder(process.env), tensorFlowFolderName('cpu'));
const hasTensorFlow = existsSync(installed);
if (!hasTensorFlow) process.stderr.write(`Skipped: a test that needs TensorFlow; there is no "${installed}"\n`);

let tools: string;
beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), 'probity-doctor-'));
});
afterEach(() => rm(tools, { recursive: true, force: true }));

function check(asked: Partial<EngineSettings> = {}) {
  const engine: EngineSettings = { device: 'cpu', layout: 'auto', training: 'auto', ...asked };
  return checkEngines({ engine, tools, ...chooseForMachine(tools, engine) });
}

/** Files that are what the manifest says, and no library. */
async function pretendInstalled(build: EngineBuild): Promise<string> {
  const folder = join(tools, build.folderName);
  await mkdir(folder);
  await writeFile(join(folder, 'library'), 'not a library');
  await writeManifest(folder, { build, sources: [] });
  return folder;
}

describe('engineFinding()', () => {
  it('warns of what is wrong though the engine runs', () => {
    expect(engineFinding('onnx-cpu predicts: plain layout', 'it is slower')).toMatchObject({
      state: 'warning',
      message: 'onnx-cpu predicts: plain layout: it is slower',
    });
  });
});

describe('checkEngines()', () => {
  it('makes the engines in a process of their own and says what they chose', async () => {
    expect(await check()).toEqual([
      {
        check: 'Engine',
        state: 'ok',
        message: expect.stringMatching(
          /^onnx-cpu.* predicts: onnxruntime \d+\.\d+\.\d+.*(self-test passed|plain layout)/,
        ),
      },
      {
        check: 'Training engine',
        state: 'ok',
        message: expect.stringMatching(
          /^onnx-cpu.* trains: TensorFlow for GPUs is not installed; not measured: run "probity engine measure"$/,
        ),
      },
      {
        check: 'Jobs',
        state: 'ok',
        message: expect.stringMatching(/^\d+ side by side, threads of each: \d+: by rule$/),
      },
      { check: 'Measurement', state: 'ok', message: 'not measured: run "probity engine measure"' },
      { check: 'TensorFlow', state: 'ok', message: expect.stringContaining('probity engine install tensorflow') },
    ]);
    const [plain] = await check({ layout: 'plain' });
    expect(plain!.message).toMatch(/^onnx-cpu predicts: .*plain layout, as asked for$/);
  });

  it('reports a layout that the machine does not have', async () => {
    const [engine] = await check({ layout: 3 });
    expect(engine).toMatchObject({ state: 'fault', message: expect.stringMatching(/blocks of 3 channels/) });
  });

  it('finds fault where TensorFlow shall train and is not installed', async () => {
    expect((await check({ training: 'tensorflow' }))[1]).toMatchObject({
      check: 'Training engine',
      state: 'fault',
      message: expect.stringMatching(/-cpu": it is not installed/),
      advice: 'Or take PROBITY_ENGINE away', // the message says how it is installed
    });
  });

  it('says why ONNX trains although TensorFlow for GPUs is installed', async () => {
    const folder = await pretendInstalled(tensorFlowBuild('gpu'));
    const [, trains, , , build] = await check();
    expect(trains).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/^onnx-cpu.* trains: Cannot use TensorFlow at .*it does not load: /),
    });
    expect(build).toEqual({
      check: 'TensorFlow, GPU',
      state: 'ok',
      message: `version ${TENSORFLOW_VERSION} at "${folder}", every file as it was made`,
    });
  });

  it.each([
    ['auto', 'warning'],
    ['tensorflow', 'fault'],
  ] as const)('names a damaged file; with PROBITY_ENGINE=%s that is a %s', async (training, state) => {
    const folder = await pretendInstalled(tensorFlowBuild('cpu'));
    await writeFile(join(folder, 'library'), 'not a Library');
    const findings = await check({ training });
    expect(findings.at(-1)).toMatchObject({ state, message: expect.stringContaining('library is damaged') });
  });

  it('finds fault where CUDA is asked for and not installed', async () => {
    const [engine] = await check({ device: 'cuda' });
    expect(engine).toEqual({
      check: 'Engine',
      state: 'fault',
      message: expect.stringMatching(/it is not installed\. Run "probity engine install onnx-cuda"$/),
      advice: expect.stringContaining('PROBITY_ONNX_DEVICE'),
    });
  });

  it.each([
    ['cpu', 'warning'],
    ['cuda', 'fault'],
  ] as const)('names a damaged file of CUDA; with PROBITY_ONNX_DEVICE=%s that is a %s', async (device, state) => {
    const folder = await pretendInstalled(ONNX_CUDA_BUILD);
    expect((await check({ device })).at(-1)).toMatchObject({ check: 'onnxruntime for CUDA', state: 'ok' });
    await writeFile(join(folder, 'library'), 'not a Library');
    expect((await check({ device })).at(-1)).toMatchObject({
      check: 'onnxruntime for CUDA',
      state,
      message: expect.stringContaining('library is damaged'),
      advice: 'Run "probity engine install onnx-cuda"',
    });
  });

  it('says that a measurement is ignored, and why', async () => {
    await writeFile(measurementPath(tools), '{');
    const [, trains, jobs, measurement] = await check({ training: 'onnx' });
    expect(trains).toMatchObject({ state: 'ok', message: expect.stringMatching(/trains: as asked for$/) });
    expect(jobs).toMatchObject({ state: 'ok', message: expect.stringMatching(/: by rule$/) });
    expect(measurement).toMatchObject({
      check: 'Measurement',
      state: 'warning',
      message: expect.stringMatching(/^the measurement ".*" is ignored, it is damaged: no JSON\. Run /),
    });
  });
});

describe.skipIf(!hasTensorFlow)('checkEngines() where TensorFlow is installed', () => {
  // Twice over a gigabyte that may have to come from the disk first.
  it('says that it trains where it was measured to be faster here', { timeout: 240_000 }, async () => {
    await symlink(installed, join(tools, tensorFlowFolderName('cpu')));
    const engine: EngineSettings = { device: 'cpu', layout: 'auto', training: 'auto' };
    const onnx = (await check())[0]!.message.split(' ')[0]!;
    const row = { slots: 1, threads: 1, peakBytes: 1 };
    const measurement: MachineMeasurement = {
      schemaVersion: 1,
      measuredAt: '2026-11-26T06:00:00.000Z',
      ...describeSurroundings(tools, engine),
      heldByOthers: 0,
      rows: [
        { ...row, engine: onnx, stepsPerSecond: [1] },
        { ...row, engine: 'tensorflow-cpu', stepsPerSecond: [2] },
      ],
      failures: [],
    };
    await writeFile(measurementPath(tools), JSON.stringify(measurement));
    expect((await check())[1]).toMatchObject({
      check: 'Training engine',
      state: 'ok',
      message: expect.stringMatching(
        /^tensorflow-cpu trains: measured on 2026-11-26: clear lead over onnx-.* \(2\.00 times its steps, .*\); TensorFlow /,
      ),
    });
  });
});
