import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate } from '../alternate.js';
import { benchmarkSpec, benchmarkWeights, peerShape } from '../benchmark-network.js';
import { describeMachine } from '../machine.js';
import type { BenchOptions } from '../bench-options.js';
import { pythonFolder, requirePython } from '../python-environment.js';
import { pairedRatio, spread, toReport, type BenchReport } from '../report.js';
import { RivalProcess } from '../rival-process.js';
import { installedVersions } from '../versions.js';
import { compareGradients } from './compare-gradients.js';

const ourStep = fileURLToPath(new URL('./our-step.js', import.meta.url));
const THREAD_COUNTS = [2, 1] as const;

interface Pair {
  readonly ours: RivalProcess;
  readonly pytorch: RivalProcess;
}

interface Measured {
  readonly ours: readonly number[];
  readonly pytorch: readonly number[];
  readonly peakBytes: { readonly ours: number; readonly pytorch: number };
}

/** One training step of the U-Net: ours against PyTorch eager, each in a process of its own, in turn. */
export async function runTrainingBench({ quick }: BenchOptions): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'));
  try {
    const weights = join(folder, 'weights.f32');
    await writeFile(weights, benchmarkWeights(benchmarkSpec()));
    const measured = new Map<number, Measured>();
    let gradient: Record<string, unknown> = {};
    let torch = '';
    for (const threads of THREAD_COUNTS) {
      const { pair, versions } = await startPair(weights, threads);
      torch = versions;
      if (threads === THREAD_COUNTS[0]) gradient = await compareGradients(pair, { folder, quick });
      measured.set(threads, await measure(pair, { threads, quick }));
      await Promise.all([pair.ours.end(), pair.pytorch.end()]);
    }
    return describe(measured, { gradient, torch });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function startPair(weights: string, threads: number): Promise<{ pair: Pair; versions: string }> {
  const pair = {
    ours: new RivalProcess(process.execPath, [ourStep]),
    pytorch: new RivalProcess(requirePython(), [join(pythonFolder, 'peer.py')]),
  };
  const [ours, pytorch] = await Promise.all([
    pair.ours.ask({ command: 'load', weights, threads }),
    pair.pytorch.ask(peerShape(benchmarkSpec(), { weights, threads })),
  ]);
  if (ours['parameters'] !== pytorch['parameters'])
    throw new Error(
      `Bug: our network has ${String(ours['parameters'])} parameters, theirs ${String(pytorch['parameters'])}`,
    );
  return { pair, versions: String(pytorch['torch']) };
}

async function measure(
  { ours, pytorch }: Pair,
  { threads, quick }: BenchOptions & { threads: number },
): Promise<Measured> {
  const contenders = [
    { name: 'ours', step: () => ours.time('step') },
    { name: 'PyTorch eager', step: () => pytorch.time('step') },
  ];
  const plan = quick
    ? { runs: threads === 2 ? 5 : 3, warmUps: 1, stepsPerRun: 2 }
    : { runs: 15, warmUps: 3, stepsPerRun: 3 };
  const [first, second] = await alternate(contenders, { ...plan, title: `training, ${threads} threads` });
  return {
    ours: first!,
    pytorch: second!,
    peakBytes: { ours: await ours.peakBytes(), pytorch: await pytorch.peakBytes() },
  };
}

function describe(
  measured: ReadonlyMap<number, Measured>,
  { gradient, torch }: { gradient: Record<string, unknown>; torch: string },
): BenchReport {
  const [two, one] = [measured.get(2)!, measured.get(1)!];
  const { model, input, training } = benchmarkSpec();
  return toReport({
    name: 'training',
    machine: describeMachine(),
    versions: { ...installedVersions(), torch },
    unit: 'ms/step',
    better: 'lower',
    ours: two.ours,
    rivals: [{ name: 'PyTorch eager, 2 threads', runs: two.pytorch }],
    details: {
      step: {
        parameters: benchmarkWeights(benchmarkSpec()).length,
        model,
        input,
        batchSize: training.batchSize,
        optimiser: training.optimiser.kind,
        gradientNormMax: training.gradientNormMax,
        threads: 2,
      },
      oneThread: {
        runs: one.ours.length,
        ours: { ...spread(one.ours), unit: 'ms/step' },
        rivals: [
          {
            name: 'PyTorch eager, 1 thread',
            ...spread(one.pytorch),
            ratio: pairedRatio({ ours: one.ours, theirs: one.pytorch, better: 'lower' }),
          },
        ],
      },
      gradient,
      peakBytes: { twoThreads: two.peakBytes, oneThread: one.peakBytes },
    },
  });
}
