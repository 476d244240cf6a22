import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import { alternate } from '../alternate.js';
import type { BenchOptions } from '../bench-options.js';
import { benchmarkSpec, benchmarkWeights, peerShape } from '../benchmark-network.js';
import { describeMachine } from '../machine.js';
import { pythonFolder, requirePython } from '../python-environment.js';
import { pairedRatio, spread, toReport, type BenchReport, type Contender } from '../report.js';
import { RivalProcess } from '../rival-process.js';
import { installedVersions } from '../versions.js';
import { measureEightBits } from './measure-eight-bits.js';
import { measureEnsemble } from './measure-ensemble.js';
import { measureSweep } from './measure-sweep.js';
import { memberGraph } from './member-graph.js';

const ourInference = fileURLToPath(new URL('./our-inference.js', import.meta.url));
const THREAD_COUNTS = [2, 1] as const;

interface Files {
  readonly weights: string;
  readonly onnx: string;
}

interface Measured {
  readonly ours: readonly number[];
  readonly rivals: readonly Contender[];
  readonly peakBytes: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** One member over one batch: our engine against onnxruntime's Python package on the plain file, and PyTorch eager. */
export async function runInferenceBench(options: BenchOptions): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'));
  try {
    const files = { weights: join(folder, 'weights.f32'), onnx: join(folder, 'member.onnx') };
    const weights = benchmarkWeights(benchmarkSpec());
    await writeFile(files.weights, weights);
    await writeFile(files.onnx, writeOnnx(memberGraph(weights)));
    const measured: Measured[] = [];
    for (const threads of THREAD_COUNTS) measured.push(await measure(files, { ...options, threads }));
    const eightBits = await measureEightBits(options);
    const ensemble = await measureEnsemble(options);
    const sweep = await measureSweep({ ...options, folder });
    return describe(measured[0]!, measured[1]!, { eightBits, ensemble, sweep });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(
  { weights, onnx }: Files,
  { threads, quick }: BenchOptions & { threads: number },
): Promise<Measured> {
  const python = requirePython();
  const peer = () => new RivalProcess(python, [join(pythonFolder, 'peer.py')]);
  const [ours, onnxruntime, pytorch] = [new RivalProcess(process.execPath, [ourInference]), peer(), peer()];
  const [, ort, torch] = await Promise.all([
    ours.ask({ command: 'load', weights, threads }),
    onnxruntime.ask({ command: 'load_onnx', path: onnx, threads }),
    pytorch.ask(peerShape(benchmarkSpec(), { weights, threads })),
  ]);
  const contenders = [
    { name: 'ours', step: () => ours.time('predict') },
    { name: 'onnxruntime Python, plain file', step: () => onnxruntime.time('predict_onnx') },
    { name: 'PyTorch eager', step: () => pytorch.time('predict') },
  ];
  const plan = quick ? { runs: 5, warmUps: 2, stepsPerRun: 3 } : { runs: 25, warmUps: 5, stepsPerRun: 5 };
  const [mine, ...theirs] = await alternate(contenders, { ...plan, title: `inference, ${threads} threads` });
  const peakBytes = {
    ours: await ours.peakBytes(),
    onnxruntimePython: await onnxruntime.peakBytes(),
    pytorch: await pytorch.peakBytes(),
  };
  await Promise.all([ours.end(), onnxruntime.end(), pytorch.end()]);
  return {
    ours: mine!,
    rivals: contenders.slice(1).map(({ name }, i) => ({ name, runs: theirs[i]! })),
    peakBytes,
    versions: { 'onnxruntime (Python)': String(ort['onnxruntime']), torch: String(torch['torch']) },
  };
}

function describe(two: Measured, one: Measured, rest: Record<string, unknown>): BenchReport {
  const { model, input, training } = benchmarkSpec();
  return toReport({
    name: 'inference',
    machine: describeMachine(),
    versions: { ...installedVersions(), ...two.versions },
    unit: 'ms/batch',
    better: 'lower',
    ours: two.ours,
    rivals: two.rivals,
    details: {
      member: { model, input, batchSize: training.batchSize, threads: 2 },
      oneThread: {
        runs: one.ours.length,
        ours: { ...spread(one.ours), unit: 'ms/batch' },
        rivals: one.rivals.map(({ name, runs }) => ({
          name,
          ...spread(runs),
          ratio: pairedRatio({ ours: one.ours, theirs: runs, better: 'lower' }),
        })),
      },
      ...rest,
      peakBytes: { twoThreads: two.peakBytes, oneThread: one.peakBytes },
    },
  });
}
