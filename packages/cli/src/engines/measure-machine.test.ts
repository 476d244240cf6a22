import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measurementPath } from '@probity/connections/machine-measurement';
import { readSettings } from '@probity/connections/settings';
import { machineMeasurementSchema } from '@probity/core/engines/machine-measurement';
import { tensorFlowFolderName } from '@probity/core/engines/tensorflow-installation';
import { requireSpec } from '@probity/core/schemas/fill-spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeMeasurement } from '../print/measurement.js';
import { keepMeasurement, requireRoomForMeasurement } from './keep-measurement.js';
import { measureMachine } from './measure-machine.js';
import { measureCrew } from './measured-crew.js';

let tools: string;
beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), 'probity-measure-'));
});
afterEach(() => rm(tools, { recursive: true, force: true }));

const tiny = requireSpec({
  name: 'tiny',
  dataset: 'noise',
  split: { test: 1 },
  input: { height: 16, width: 16 },
  model: { baseWidth: 4, depth: 2 },
  training: { batchSize: 2 },
});

/** A step takes a moment, and each row trains for one. */
const measureQuickly = ({ rounds, lines = [] }: { rounds: number; lines?: string[] }) =>
  measureMachine({
    tools,
    engine: { device: 'cpu', layout: 'auto' },
    environment: process.env,
    spec: tiny,
    rounds,
    seconds: 0.01,
    onProgress: (line) => lines.push(line),
  });

describe('measureMachine()', () => {
  it('trains in processes of their own, and what it finds out holds for this machine once it is kept', async () => {
    const lines: string[] = [];
    const measurement = await measureQuickly({ rounds: 2, lines });
    const slots = measurement.rows.map((row) => row.slots);
    expect(slots).toEqual(slots.toSorted((a, b) => a - b));
    expect(measurement.rows.every(({ engine }) => engine.startsWith('onnx-cpu'))).toBe(true);
    expect(measurement.rows.every(({ stepsPerSecond }) => stepsPerSecond.length === 2)).toBe(true);
    expect(measurement.rows.every(({ peakBytes }) => peakBytes > 1e7)).toBe(true);
    expect(lines.filter((line) => line.startsWith('Round '))).toHaveLength(2 * slots.length);

    expect(measurement.heldByOthers).toBeLessThanOrEqual(1);
    const path = await keepMeasurement(tools, measurement);
    expect(path).toBe(measurementPath(tools));
    expect(machineMeasurementSchema.parse(JSON.parse(await readFile(path, 'utf8')))).toEqual(measurement);
    expect(await readdir(tools)).toHaveLength(1);
    const { jobs, measured } = readSettings({ PROBITY_TOOLS: tools, PROBITY_HOME: join(tools, 'home') });
    expect(measured).toMatchObject({ state: 'usable', engine: measurement.rows[0]!.engine });
    expect(jobs.reason).toMatch(/^measured on /);
    expect(describeMeasurement(measurement, path)).toMatch(
      /^onnx-cpu.*compared with[^]*^Trains +onnx-cpu.* is the only engine that was measured$[^]*^Jobs +\d+ side by side/m,
    );
    const notKept = describeMeasurement({ ...measurement, heldByOthers: 0.87 });
    expect(notKept).toMatch(/others held 87 % of its cores[^]*^Not kept /m);
    expect(notKept).not.toMatch(/chosen|^Trains/m);
  }, 240_000);

  it('leaves out an engine that does not train, and says why', async () => {
    await mkdir(join(tools, tensorFlowFolderName('cpu')));
    const { rows, failures, engines } = await measureQuickly({ rounds: 1 });
    expect(rows.every(({ engine }) => engine.startsWith('onnx-cpu'))).toBe(true);
    expect(engines.libraries).toHaveLength(2);
    expect(failures[0]).toMatch(/^tensorflow-cpu, jobs: 1, .*: Cannot use TensorFlow at ".*manifest\.json" is missing/);
    expect(failures.slice(1).every((failure) => failure.endsWith(': one job alone fails'))).toBe(true);
  }, 240_000);
});

describe('measureCrew()', () => {
  it('says how a process ended that did not answer', async () => {
    const program = join(tools, 'broken.mjs');
    await writeFile(program, "process.stderr.write('no such library\\n'); process.exitCode = 3;");
    const order = {
      engine: { library: 'onnxruntime', device: 'cpu', layout: 'auto', tools },
      threads: 1,
      spec: tiny,
    } as const;
    await expect(measureCrew(order, { program, environment: process.env, slots: 2, seconds: 1 })).rejects.toThrow(
      'its process ended with 3: no such library',
    );
  });
});

describe('a tools folder that cannot be written to', () => {
  it('is named before anything is measured, and when it is found out later', async () => {
    const folder = join(tools, 'file', 'tools');
    await writeFile(join(tools, 'file'), '');
    const named = {
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/Cannot keep a measurement in ".*PROBITY_TOOLS/),
    };
    await expect(requireRoomForMeasurement(folder)).rejects.toMatchObject(named);
    const measurement = { schemaVersion: 1 } as Parameters<typeof keepMeasurement>[1];
    await expect(keepMeasurement(folder, measurement)).rejects.toMatchObject(named);
  });

  it('is made where it is missing', async () => {
    await requireRoomForMeasurement(join(tools, 'new', 'tools'));
    expect(await readdir(join(tools, 'new'))).toEqual(['tools']);
  });
});
