import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { benchmarkSpec, benchmarkWeights } from '../benchmark-network.js';
import { predictionContenders, trainingContenders, type Peer } from './gpu-contenders.js';
import { bytesOf, describeRow, measureRow, type GpuContender } from './gpu-rows.js';

/** Our sides as the bench starts them, on the processor: what is timed there is nobody's figure. */
const program = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const peer: Peer = { python: 'python3', device: 'cpu' };
const plan = { runs: 1, warmUps: 0, stepsPerRun: 1, title: 'test', setting: { what: 'test' } };
const BASE_WIDTH = 4;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-bench-gpu-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function ourTraining(baseWidth = BASE_WIDTH): Promise<GpuContender> {
  const weights = join(folder, `weights-${baseWidth}.f32`);
  await writeFile(weights, benchmarkWeights(benchmarkSpec(baseWidth)));
  return trainingContenders({ program: program('training/our-step.js'), weights, baseWidth }, peer)[0]!;
}

describe('measureRow()', { timeout: 240_000 }, () => {
  it('times training steps of two processes that have one network', async () => {
    const ours = await ourTraining();
    const row = await measureRow([ours, { ...ours, name: 'rival' }], { ...plan, unit: 'ms/step' });
    expect(describeRow(row)).toMatchObject({
      what: 'test',
      runs: 1,
      ours: { median: expect.any(Number), unit: 'ms/step' },
      rivals: [{ name: 'rival', ratio: { median: row.rivals[0]!.runs[0]! / row.ours[0]! } }],
    });
    expect(row.loaded.map(({ parameters }) => parameters)).toEqual(
      Array<number>(2).fill(benchmarkWeights(benchmarkSpec(BASE_WIDTH)).length),
    );
  });

  it('refuses to compare two networks', async () => {
    const pair = [await ourTraining(), await ourTraining(2 * BASE_WIDTH)];
    await expect(measureRow(pair, { ...plan, unit: 'ms/step' })).rejects.toThrow('the networks differ');
  });

  it('times the prediction of all members', async () => {
    const sides = {
      program: program('gpu/our-prediction.js'),
      baseWidth: BASE_WIDTH,
      device: 'cpu',
      tools: folder,
    } as const;
    const [ours, ...rivals] = predictionContenders(sides, peer);
    expect(rivals.map(({ load }) => load)).toEqual(
      [false, true].map((fast) =>
        expect.objectContaining({ command: 'load_members', members: 21, baseWidth: BASE_WIDTH, fast }),
      ),
    );
    const row = await measureRow([ours!], { ...plan, unit: 'ms/batch' });
    expect(row.loaded).toEqual([{ engine: expect.stringMatching(/^onnx-cpu/) }]);
    expect(row.ours).toHaveLength(1);
  });
});

describe('bytesOf()', () => {
  it('takes what the driver lists of our processes', () => {
    expect(
      bytesOf('12, 300\n34, 1\n', [
        ['ours', 34],
        ['rival', 12],
        ['other', 5],
      ]),
    ).toEqual({
      ours: 2 ** 20,
      rival: 300 * 2 ** 20,
    });
    expect(bytesOf('', [['ours', 34]])).toEqual({});
    expect(bytesOf('34, [N/A]', [['ours', 34]])).toEqual({});
  });
});
