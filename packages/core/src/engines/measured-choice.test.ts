import { describe, expect, it } from 'vitest';
import type { MeasuredMachine, MeasuredRow } from './machine-measurement.js';
import {
  chooseByMeasurement,
  CLEAR_RATIO,
  explainEngine,
  explainJobs,
  isClear,
  jobsOfEngine,
  speedRatio,
} from './measured-choice.js';

const twoCores: MeasuredMachine = {
  processor: 'p',
  cores: 2,
  memoryBytes: 8e9,
  platform: 'linux-x64',
  nvidiaDevices: 0,
};

/** A row that is as fast in every round. */
const row = (engine: string, slots: number, speed: number): MeasuredRow => ({
  engine,
  slots,
  threads: slots === 1 ? 2 : 1,
  stepsPerSecond: [speed, speed, speed, speed, speed],
  peakBytes: 5e8,
});

describe('speedRatio()', () => {
  it('pairs the rounds: what hits both alike leaves no trace', () => {
    const slow = { ...row('a', 1, 0), stepsPerSecond: [1, 10, 2, 5, 4] };
    const fast = { ...row('b', 1, 0), stepsPerSecond: [1.2, 12, 2.4, 6, 4.8] };
    const { median, low } = speedRatio(fast, slow);
    expect(median).toBeCloseTo(1.2, 12);
    expect(low).toBeCloseTo(1.2, 12);
  });

  it('takes the lower quartile as numpy does', () => {
    const base = { ...row('a', 1, 0), stepsPerSecond: [1, 1, 1, 1] };
    expect(speedRatio({ ...base, stepsPerSecond: [4, 1, 3, 2] }, base)).toEqual({ median: 2.5, low: 1.75 });
  });
});

describe('isClear()', () => {
  it.each([
    [CLEAR_RATIO, 1.001, true],
    [CLEAR_RATIO - 1e-9, 1.05, false],
    [1.5, 1, false],
    [Number.NaN, Number.NaN, false],
  ])('of a median of %d and a lower quartile of %d is %s', (median, low, expected) => {
    expect(isClear({ median, low })).toBe(expected);
  });
});

describe('jobsOfEngine()', () => {
  it('keeps to the rule where no other number has a clear lead', () => {
    const rows = [row('onnx-cpu', 1, 10.9), row('onnx-cpu', 2, 10)];
    expect(jobsOfEngine({ machine: twoCores, rows }, 'onnx-cpu')).toMatchObject({ slots: 2, threads: 1 });
  });

  it('takes fewer or more jobs by a clear lead', () => {
    const fewer = [row('onnx-cpu', 1, 11.1), row('onnx-cpu', 2, 10)];
    expect(jobsOfEngine({ machine: twoCores, rows: fewer }, 'onnx-cpu')).toMatchObject({ slots: 1, threads: 2 });
    const machine = { ...twoCores, cores: 5, memoryBytes: 64e9 };
    const more = [1, 2, 4, 5].map((slots) => row('onnx-cpu', slots, [0, 8, 9, 0, 10, 12][slots]!));
    expect(jobsOfEngine({ machine, rows: more }, 'onnx-cpu')).toMatchObject({ slots: 5, threads: 1 });
  });

  it('takes no lead over one that has itself only a small lead over another', () => {
    const rows = [row('onnx-cpu', 2, 10), row('onnx-cpu', 1, 12), row('onnx-cpu', 3, 12.5)];
    expect(jobsOfEngine({ machine: twoCores, rows }, 'onnx-cpu')).toMatchObject({ slots: 1 });
  });

  it('leaves out what the memory does not hold, but for one job', () => {
    const rows = [
      { ...row('onnx-cpu', 1, 1), peakBytes: 9e9 },
      { ...row('onnx-cpu', 2, 10), peakBytes: 4.1e9 },
    ];
    expect(jobsOfEngine({ machine: twoCores, rows }, 'onnx-cpu')).toMatchObject({ slots: 1 });
    const atTheEdge = [row('onnx-cpu', 1, 1), { ...row('onnx-cpu', 2, 10), peakBytes: 4e9 }];
    expect(jobsOfEngine({ machine: twoCores, rows: atTheEdge }, 'onnx-cpu')).toMatchObject({ slots: 2 });
  });

  it('begins with the next fewer jobs where those of the rule could not be measured', () => {
    const machine = { ...twoCores, cores: 4 };
    const rows = [row('onnx-cpu', 1, 10.5), row('onnx-cpu', 2, 10)];
    expect(jobsOfEngine({ machine, rows }, 'onnx-cpu')).toMatchObject({ slots: 2 });
    expect(jobsOfEngine({ machine, rows: [] }, 'onnx-cpu')).toBeUndefined();
  });
});

describe('chooseByMeasurement()', () => {
  const choose = (...rows: MeasuredRow[]) => chooseByMeasurement({ machine: twoCores, rows });

  it('stays with ONNX where nothing has a clear lead, wherever it stands in the list', () => {
    expect(choose(row('tensorflow-cpu', 2, 10.9), row('onnx-cpu', 2, 10)).engine).toBe('onnx-cpu');
    expect(choose(row('onnx-cpu', 2, 10), row('tensorflow-cpu', 2, 10)).engine).toBe('onnx-cpu');
  });

  it('takes another engine by a clear lead, each with the jobs that suit it', () => {
    const rows = [
      row('onnx-cpu', 1, 5),
      row('onnx-cpu', 2, 10),
      row('tensorflow-cpu', 1, 13),
      row('tensorflow-cpu', 2, 9),
    ];
    expect(choose(...rows)).toEqual({ engine: 'tensorflow-cpu', slots: 1, threads: 2 });
  });

  it('is not moved by a lead of some rounds', () => {
    const shaky = { ...row('tensorflow-cpu', 2, 0), stepsPerSecond: [30, 30, 30, 9, 9] };
    expect(choose(row('onnx-cpu', 2, 10), shaky).engine).toBe('onnx-cpu');
  });

  it('takes the GPU over the processor only by a clear lead over it', () => {
    const rows = [row('onnx-cpu', 2, 10), row('tensorflow-cpu', 2, 20), row('tensorflow-gpu', 2, 21)];
    expect(choose(...rows).engine).toBe('tensorflow-cpu');
    expect(choose(...rows, row('tensorflow-gpu', 1, 40)).engine).toBe('tensorflow-gpu');
  });
});

describe('explanations', () => {
  const machine = twoCores;

  it('name the lead that was clear, and the one that was not', () => {
    const rows = [row('onnx-cpu', 1, 5), row('onnx-cpu', 2, 10), row('tensorflow-cpu', 2, 10.5)];
    expect(explainEngine({ machine, rows })).toBe(
      'tensorflow-cpu has no clear lead (1.05 times the steps, lower quartile 1.05)',
    );
    expect(explainJobs({ machine, rows }, 'onnx-cpu')).toBe(
      '1 job has no clear lead (0.50 times the steps, lower quartile 0.50)',
    );
    const ahead = [...rows, row('tensorflow-cpu', 1, 20)];
    expect(explainEngine({ machine, rows: ahead })).toBe(
      'clear lead over onnx-cpu (2.00 times its steps, lower quartile 2.00)',
    );
    expect(explainJobs({ machine, rows: ahead }, 'tensorflow-cpu')).toBe(
      'clear lead over 2 jobs (1.90 times its steps, lower quartile 1.90)',
    );
  });

  it('say where there was nothing to choose from', () => {
    const rows = [row('onnx-cpu', 1, 5)];
    expect(explainEngine({ machine, rows })).toBe('onnx-cpu is the only engine that was measured');
    expect(explainJobs({ machine, rows }, 'onnx-cpu')).toBe('no other number was measured');
  });
});
