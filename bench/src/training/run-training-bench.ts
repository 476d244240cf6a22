import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alternate } from '../alternate.js';
import type { BenchOptions } from '../bench-options.js';
import { benchmarkSpec, benchmarkWeights } from '../benchmark-network.js';
import { describeMachine } from '../machine.js';
import { pairedRatio, spread, toReport, type BenchReport, type Contender } from '../report.js';
import { installedVersions } from '../versions.js';
import { compareGradients } from './compare-gradients.js';
import {
  BFLOAT16_CREW,
  EAGER_BFLOAT16_CREW,
  EAGER_CREW,
  endCrews,
  startCrews,
  TENSORFLOW_CREW,
  timeSteps,
  type Crews,
} from './training-rivals.js';
import { titleOf, trainingSettings, type TrainingSetting } from './training-settings.js';

interface Row {
  readonly setting: TrainingSetting;
  readonly parameters: number;
  readonly ours: readonly number[];
  readonly rivals: readonly Contender[];
  /** The same step of ours on TensorFlow, and there in bfloat16, as far as this machine has them. */
  readonly tensorFlow: readonly Contender[];
  /** Of one process each. */
  readonly peakBytes: Readonly<Record<string, number>>;
}

/** One training step of the U-Net: ours against PyTorch, each in processes of their own, in turn. */
export async function runTrainingBench({ quick }: BenchOptions): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'));
  try {
    const rows: Row[] = [];
    let gradient: Record<string, unknown> | undefined;
    let torch = '';
    for (const setting of trainingSettings(quick)) {
      const weights = join(folder, `weights-${setting.baseWidth}.f32`);
      await writeFile(weights, benchmarkWeights(benchmarkSpec(setting.baseWidth)));
      const crews = await startCrews(setting, weights);
      torch = crews.torch;
      const [ours, pytorch] = crews.crews.map(({ processes }) => processes[0]!);
      gradient ??= await compareGradients({ ours: ours!, pytorch: pytorch! }, { folder, quick });
      rows.push(await measure(setting, crews));
      await endCrews(crews);
    }
    return describe(rows, { gradient: gradient!, torch });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(setting: TrainingSetting, { crews, parameters }: Crews): Promise<Row> {
  const { runs, warmUps, stepsPerRun } = setting;
  const contenders = crews.map((crew) => ({ name: crew.name, step: () => timeSteps(crew, stepsPerRun) }));
  const measured = await alternate(contenders, { runs, warmUps, stepsPerRun: 1, title: titleOf(setting) });
  const peaks = crews.map(async ({ name, processes }) => [name, await processes[0]!.peakBytes()] as const);
  const others = crews.slice(1).map(({ name }, i) => ({ name, runs: measured[i + 1]! }));
  const isOurs = ({ name }: Contender) => name === TENSORFLOW_CREW || name === BFLOAT16_CREW;
  return {
    setting,
    parameters,
    ours: measured[0]!,
    rivals: others.filter((one) => !isOurs(one)),
    tensorFlow: others.filter(isOurs),
    peakBytes: Object.fromEntries(await Promise.all(peaks)),
  };
}

function describe(
  rows: readonly Row[],
  { gradient, torch }: { gradient: Record<string, unknown>; torch: string },
): BenchReport {
  const first = rows[0]!;
  const { model, input, training } = benchmarkSpec();
  return toReport({
    name: 'training',
    machine: describeMachine(),
    versions: { ...installedVersions(), torch },
    unit: 'ms/step',
    better: 'lower',
    ours: first.ours,
    rivals: first.rivals,
    details: {
      step: {
        model: { ...model, baseWidth: rows.map(({ setting }) => setting.baseWidth) },
        input,
        batchSize: training.batchSize,
        optimiser: training.optimiser.kind,
        gradientNormMax: training.gradientNormMax,
      },
      rows: rows.map(describeRow),
      gradient,
    },
  });
}

function describeRow({ setting, parameters, ours, rivals, tensorFlow, peakBytes }: Row): Record<string, unknown> {
  const { baseWidth, threads, jobs } = setting;
  return {
    parameters,
    baseWidth,
    threads,
    jobs,
    runs: ours.length,
    ours: { ...spread(ours), unit: 'ms/step' },
    rivals: rivals.map(({ name, runs }) => ({
      name,
      ...spread(runs),
      ratio: pairedRatio({ ours, theirs: runs, better: 'lower' }),
    })),
    ...Object.fromEntries(tensorFlow.map((one) => [FIELDS[one.name]!, describeTensorFlow(one, rivals)])),
    peakBytes,
  };
}

const FIELDS: Readonly<Record<string, string>> = {
  [TENSORFLOW_CREW]: 'tensorFlowEngine',
  [BFLOAT16_CREW]: 'tensorFlowEngineInBfloat16',
};

/** Against PyTorch eager, as ours is; in bfloat16 against PyTorch in bfloat16 too. */
function describeTensorFlow({ name, runs }: Contender, rivals: readonly Contender[]): Record<string, unknown> {
  const peers = name === BFLOAT16_CREW ? [EAGER_CREW, EAGER_BFLOAT16_CREW] : [EAGER_CREW];
  const met = rivals.filter((rival) => peers.includes(rival.name));
  return {
    ...spread(runs),
    unit: 'ms/step',
    rivals: met.map((rival) => ({
      name: rival.name,
      ratio: pairedRatio({ ours: runs, theirs: rival.runs, better: 'lower' }),
    })),
  };
}
