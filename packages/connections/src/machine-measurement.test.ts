import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobsByRule } from '@probity/core/engines/job-rule';
import type { MachineMeasurement } from '@probity/core/engines/machine-measurement';
import { tensorFlowFolderName } from '@probity/core/engines/tensorflow-installation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capacityOfMachine } from './machine.js';
import { describeSurroundings, measurementPath } from './machine-measurement.js';
import { readSettings } from './settings.js';

let tools: string;
beforeEach(() => {
  tools = mkdtempSync(join(tmpdir(), 'probity-measured-'));
});
afterEach(() => rmSync(tools, { recursive: true, force: true }));

const settings = (environment: Record<string, string> = {}) =>
  readSettings({ PROBITY_HOME: join(tools, 'home'), PROBITY_TOOLS: tools, ...environment });
const rule = jobsByRule(capacityOfMachine());

/** Of this machine: one job is far ahead with ONNX, one job of TensorFlow with three threads further still. */
function measurementOfHere(): MachineMeasurement {
  const row = { threads: 7, stepsPerSecond: [100, 101], peakBytes: 1e6 };
  return {
    schemaVersion: 1,
    measuredAt: '2026-11-26T06:00:00.000Z',
    ...describeSurroundings(tools, { device: 'cpu', layout: 'auto' }),
    heldByOthers: 0,
    rows: [
      { ...row, engine: 'onnx-cpu', slots: 1 },
      { ...row, engine: 'onnx-cpu', slots: rule.slots + 1, stepsPerSecond: [1, 1] },
      { ...row, engine: 'tensorflow-cpu', slots: 1, threads: 3, stepsPerSecond: [200, 200] },
    ],
    failures: [],
  };
}

const keep = (measurement: object) => writeFileSync(measurementPath(tools), JSON.stringify(measurement));

describe('readSettings() beside a measurement', () => {
  it('goes by the rule where there is none, and says so', () => {
    const { jobs, measured } = settings();
    expect(jobs).toEqual({ ...rule, reason: 'by rule' });
    expect(measured).toEqual({ state: 'absent', sentence: 'not measured: run "probity engine measure"' });
  });

  it('takes the engine and the jobs that were measured here', () => {
    keep(measurementOfHere());
    const { jobs, measured } = settings();
    expect(measured).toEqual({
      state: 'usable',
      sentence: 'measured on 2026-11-26: clear lead over onnx-cpu (1.99 times its steps, lower quartile 1.99)',
      engine: 'tensorflow-cpu',
      measured: ['onnx-cpu', 'tensorflow-cpu'],
    });
    expect(jobs).toEqual({ slots: 1, threads: 3, reason: 'measured on 2026-11-26: no other number was measured' });
  });

  it('takes the jobs of the engine that is asked for', () => {
    keep(measurementOfHere());
    expect(settings({ PROBITY_ENGINE: 'onnx' }).jobs).toMatchObject({ slots: 1, threads: 7 });
    expect(settings({ PROBITY_ENGINE: 'tensorflow' }).jobs).toMatchObject({ slots: 1, threads: 3 });
    const { rows } = measurementOfHere();
    keep({ ...measurementOfHere(), rows: rows.slice(0, 2) });
    expect(settings({ PROBITY_ENGINE: 'tensorflow' }).jobs).toEqual({
      ...rule,
      reason: 'by rule; tensorflow-cpu was not measured',
    });
  });

  it('lets what is asked for win', () => {
    keep(measurementOfHere());
    expect(settings({ PROBITY_JOB_SLOTS: '6', PROBITY_JOB_THREADS: '5' }).jobs).toEqual({
      slots: 6,
      threads: 5,
      reason: 'as asked for',
    });
    expect(settings({ PROBITY_JOB_THREADS: '1024' }).jobs).toMatchObject({ slots: 1, reason: 'as asked for' });
  });
});

describe('readSettings() beside a measurement that does not hold', () => {
  const { machine } = describeSurroundings('/nowhere', { device: 'cpu', layout: 'auto' });
  const cores = machine.cores + 1;

  it.each<[string, (own: MachineMeasurement) => object, RegExp]>([
    [
      'another machine',
      (own) => ({ ...own, machine: { ...machine, cores } }),
      new RegExp(`cores ${cores - 1}, measured ${cores}`),
    ],
    [
      'another processor',
      (own) => ({ ...own, machine: { ...machine, processor: 'Z80' } }),
      /processor .*, measured Z80/,
    ],
    ['another version of Probity', (own) => ({ ...own, schemaVersion: 2 }), /schemaVersion 2 instead of 1/],
    ['a damaged one', (own) => ({ ...own, rows: undefined }), /it is damaged: rows: /],
    ['something else', () => [1], /it is damaged: its top: /],
  ])('goes by the rule for %s, and names it', (_, change, state) => {
    keep(change(measurementOfHere()));
    const { jobs, measured } = settings();
    expect(measured).toMatchObject({ state: 'ignored', sentence: expect.stringMatching(state) });
    expect(measured.sentence).toContain(`the measurement "${measurementPath(tools)}" is ignored`);
    expect(measured.sentence).toContain('Run "probity engine measure"');
    expect(jobs).toEqual({ ...rule, reason: 'by rule' });
  });

  it('names one that is half there, and one that cannot be read', () => {
    writeFileSync(measurementPath(tools), '{"schemaVersion": 1,');
    expect(settings().measured).toMatchObject({ state: 'ignored', sentence: expect.stringContaining('no JSON') });
    rmSync(measurementPath(tools));
    mkdirSync(measurementPath(tools));
    expect(settings().measured).toMatchObject({ state: 'ignored', sentence: expect.stringContaining('EISDIR') });
  });

  it('names an engine that was installed since, and settings that it was not measured with', () => {
    keep(measurementOfHere());
    mkdirSync(join(tools, tensorFlowFolderName('cpu')));
    expect(settings({ PROBITY_ONNX_LAYOUT: 'plain' }).measured.sentence).toMatch(
      /libraries onnxruntime [\d.]+, tensorflow-cpu [\d.]+, measured onnxruntime [\d.]+; PROBITY_ONNX_LAYOUT plain, measured auto/,
    );
  });
});
