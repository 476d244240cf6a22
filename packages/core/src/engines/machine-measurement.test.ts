import { describe, expect, it } from 'vitest';
import { differencesFrom, machineMeasurementSchema, wasBusy, type MachineMeasurement } from './machine-measurement.js';

const measurement: MachineMeasurement = {
  schemaVersion: 1,
  measuredAt: '2026-11-26T06:00:00.000Z',
  machine: {
    processor: 'p',
    cores: 2,
    memoryBytes: 8e9,
    platform: 'linux-x64',
    instructions: 'avx2',
    nvidiaDevices: 0,
  },
  engines: { libraries: ['onnxruntime 1.30.0'], onnxDevice: 'cpu', onnxLayout: 'auto' },
  heldByOthers: 0.1,
  rows: [{ engine: 'onnx-cpu', slots: 1, threads: 2, stepsPerSecond: [1, 2], peakBytes: 1 }],
  failures: [],
};
const { machine, engines } = measurement;

describe('differencesFrom()', () => {
  it('finds none on the machine that was measured, whose memory may differ a little', () => {
    expect(differencesFrom(measurement, { machine, engines })).toEqual([]);
    expect(differencesFrom(measurement, { machine: { ...machine, memoryBytes: 8.4e9 }, engines })).toEqual([]);
  });

  it.each([
    [{ processor: 'q' }, 'processor q, measured p'],
    [{ cores: 4 }, 'cores 4, measured 2'],
    [{ memoryBytes: 8.5e9 }, 'memory 8.5 GB, measured 8.0 GB'],
    [{ memoryBytes: 7.5e9 }, 'memory 7.5 GB, measured 8.0 GB'],
    [{ instructions: 'avx512f' }, 'instructions avx512f, measured avx2'],
    [{ nvidiaDevices: 1 }, 'NVIDIA devices 1, measured 0'],
  ])('names a machine of %j', (other, difference) => {
    expect(differencesFrom(measurement, { machine: { ...machine, ...other }, engines })).toEqual([difference]);
  });

  it('names other libraries and other settings of ONNX, all at once', () => {
    const now = { libraries: ['onnxruntime 1.31.0'], onnxDevice: 'cpu', onnxLayout: 'plain' } as const;
    expect(differencesFrom(measurement, { machine, engines: { ...now, libraries: [...now.libraries] } })).toEqual([
      'libraries onnxruntime 1.31.0, measured onnxruntime 1.30.0',
      'PROBITY_ONNX_LAYOUT plain, measured auto',
    ]);
  });
});

describe('wasBusy()', () => {
  it.each([
    [0, false],
    [0.2, false],
    [0.21, true],
  ])('where others held %d of the cores is %s', (heldByOthers, expected) => {
    expect(wasBusy({ heldByOthers })).toBe(expected);
  });
});

describe('machineMeasurementSchema', () => {
  it.each([
    ['rounds that cannot be paired', [...measurement.rows, { ...measurement.rows[0]!, slots: 2, stepsPerSecond: [1] }]],
    ['no job of ONNX to compare with', [{ ...measurement.rows[0]!, engine: 'tensorflow-cpu' }]],
    ['a speed of nothing', [{ ...measurement.rows[0]!, stepsPerSecond: [0, 1] }]],
  ])('refuses %s', (_, rows) => {
    expect(machineMeasurementSchema.safeParse({ ...measurement, rows }).success).toBe(false);
  });

  it('takes what it describes', () => {
    expect(machineMeasurementSchema.parse(measurement)).toEqual(measurement);
  });
});
