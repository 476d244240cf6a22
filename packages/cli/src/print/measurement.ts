import { isOnnx, type MachineMeasurement, type MeasuredRow } from '@probity/core/engines/machine-measurement';
import {
  chooseByMeasurement,
  CLEAR_RATIO,
  explainEngine,
  explainJobs,
  rowOfRule,
  speedRatio,
  type MeasuredChoice,
} from '@probity/core/engines/measured-choice';
import { quantile } from '@probity/core/metrics/quantile';
import { formatShare } from './quantities.js';
import { renderPairs, renderTable } from './table.js';

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** What was measured, what follows from it and why. @param path Where it is kept; absent: nowhere, since others kept the machine busy. */
export function describeMeasurement(measurement: MachineMeasurement, path?: string): string {
  const { machine, rows, failures, heldByOthers } = measurement;
  const chosen = path === undefined ? undefined : chooseByMeasurement(measurement);
  const hardware = [
    machine.processor,
    `cores: ${machine.cores}`,
    gigabytes(machine.memoryBytes),
    ...(machine.instructions === undefined ? [] : [machine.instructions]),
    ...(machine.nvidiaDevices === 0 ? [] : [`NVIDIA devices: ${machine.nvidiaDevices}`]),
  ].join(', ');
  return [
    `Training steps a second of all jobs together, in ${rows[0]!.stepsPerSecond.length} rounds of all rows; the network of a campaign whose file names none`,
    '',
    renderRows(measurement, chosen),
    '',
    `Ratio: steps compared with the marked row, round by round. A lead is clear where the ratio is ${CLEAR_RATIO} or more and its lower quartile is above 1; without a clear lead ONNX trains, with as many jobs as the rule says`,
    ...failures.map((failure) => `Left out: ${failure}`),
    '',
    renderPairs([
      ...(chosen === undefined
        ? []
        : ([
            ['Trains', `${chosen.engine}: ${explainEngine(measurement)}`],
            [
              'Jobs',
              `${chosen.slots} side by side, threads of each: ${chosen.threads}: ${explainJobs(measurement, chosen.engine)}`,
            ],
          ] as const)),
      ['Machine', `${hardware}; others held ${formatShare(heldByOthers)} of its cores meanwhile`],
      path === undefined
        ? [
            'Not kept',
            'it tells how busy the machine was, and nothing of engines. What held before goes on. Measure again when it is idle',
          ]
        : [
            'Kept in',
            `${path}; workers go by it from their next start on, unless told by PROBITY_ENGINE, PROBITY_JOB_SLOTS or PROBITY_JOB_THREADS`,
          ],
    ]),
  ].join('\n');
}

function renderRows(measurement: MachineMeasurement, chosen: MeasuredChoice | undefined): string {
  const { rows } = measurement;
  const onnx = rows.filter(({ engine }) => isOnnx(engine));
  const ruled = rowOfRule(measurement, onnx)!;
  const isChosen = (row: MeasuredRow) => row.engine === chosen?.engine && row.slots === chosen.slots;
  const marks = (row: MeasuredRow) => [
    ...(row === ruled ? ['compared with'] : []),
    ...(isChosen(row) ? ['chosen'] : []),
  ];
  return renderTable<MeasuredRow>(
    [
      { title: 'engine', value: ({ engine }) => engine },
      { title: 'jobs', align: 'right', value: ({ slots }) => String(slots) },
      { title: 'threads of each', align: 'right', value: ({ threads }) => String(threads) },
      { title: 'steps/s', align: 'right', value: ({ stepsPerSecond }) => median(stepsPerSecond).toFixed(2) },
      { title: 'ratio', align: 'right', value: (row) => speedRatio(row, ruled).median.toFixed(2) },
      { title: 'lower quartile', align: 'right', value: (row) => speedRatio(row, ruled).low.toFixed(2) },
      { title: 'memory of a job', align: 'right', value: ({ peakBytes }) => gigabytes(peakBytes) },
      { title: '', value: (row) => marks(row).join(', ') },
    ],
    rows,
  );
}

const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
