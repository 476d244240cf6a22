import { describe, expect, it } from 'vitest';
import { pairedRatio, quantile, toReport } from './report.js';

const machine = {
  processor: 'p',
  cores: 2,
  memoryBytes: 1,
  nvidiaDevices: 0,
  platform: 'linux-x64',
  node: 'v20',
  loadAverage: 1,
};

describe('toReport()', () => {
  it('pairs run with run, so that a slow hour hits both contenders alike', () => {
    const report = toReport({
      name: 'x',
      machine,
      versions: {},
      unit: 'ms',
      better: 'lower',
      ours: [1, 10],
      rivals: [{ name: 'r', runs: [2, 20] }],
    });
    expect(report.ratio).toEqual({ median: 2, p25: 2, p75: 2 });
    expect(report.ours).toEqual({ median: 5.5, min: 1, max: 10, unit: 'ms' });
  });

  it('reads above 1 as better for us, whichever way the unit runs', () => {
    expect(pairedRatio({ ours: [4], theirs: [2], better: 'higher' }).median).toBe(2);
    expect(pairedRatio({ ours: [4], theirs: [2], better: 'lower' }).median).toBe(0.5);
  });

  it('takes the ratio at the top from the first rival', () => {
    const rivals = [
      { name: 'a', runs: [3] },
      { name: 'b', runs: [9] },
    ];
    expect(
      toReport({ name: 'x', machine, versions: {}, unit: 'ms', better: 'lower', ours: [3], rivals }).ratio?.median,
    ).toBe(1);
  });
});

describe('quantile()', () => {
  it('interpolates between order statistics', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBeCloseTo(1.75, 12);
  });
});
