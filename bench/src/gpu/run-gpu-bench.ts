import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Convolutions } from '@probity/tfjs-graph/write-saved-model';
import type { BenchOptions } from '../bench-options.js';
import { benchmarkSpec, benchmarkWeights } from '../benchmark-network.js';
import { sweepSpec } from '../inference/sweep-campaign.js';
import { describeMachine } from '../machine.js';
import { requirePython } from '../python-environment.js';
import { toReport, type BenchReport } from '../report.js';
import { installedVersions } from '../versions.js';
import { findGpu, leftOut, skipReason, type GpuFindings } from './find-gpu.js';
import { predictionContenders, trainingContenders, type Peer } from './gpu-contenders.js';
import { describeRow, measureRow, type GpuRow } from './gpu-rows.js';

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * A training step and all members of a sweep on a GPU, against PyTorch there: eager in float32, and compiled in bfloat16.
 *
 * @returns `undefined` where there is no GPU that both sides can use, once it has been said.
 */
export async function runGpuBench(options: BenchOptions): Promise<BenchReport | undefined> {
  const findings = await findGpu(process.env, program('./our-engines.js'));
  const reason = skipReason(findings);
  if (reason !== undefined) {
    say(reason);
    return undefined;
  }
  leftOut(findings).forEach(say);
  const peer: Peer = { python: requirePython('gpu'), device: 'cuda' };
  const rows = [...(await trainingRows(findings, peer, options)), ...(await predictionRows(findings, peer, options))];
  return describe(rows, findings);
}

async function trainingRows(
  { training, trainingInBfloat16 }: GpuFindings,
  peer: Peer,
  { quick }: BenchOptions,
): Promise<GpuRow[]> {
  const forms = Object.entries({ float32: training, bfloat16: trainingInBfloat16 }) as [
    Convolutions,
    typeof training,
  ][];
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'));
  try {
    const rows: GpuRow[] = [];
    for (const baseWidth of quick ? [16] : [16, 32, 64]) {
      const weights = join(folder, `weights-${baseWidth}.f32`);
      await writeFile(weights, benchmarkWeights(benchmarkSpec(baseWidth)));
      const { model, input, training: settings } = benchmarkSpec(baseWidth);
      for (const [convolutions, form] of forms) {
        if ('lack' in form) continue;
        const engine = { tensorFlow: form.found.folder, tensorFlowDevice: 'gpu', convolutions } as const;
        const sides = { program: program('../training/our-step.js'), weights, baseWidth, engine };
        const setting = { what: 'training step', convolutions, model, input, batchSize: settings.batchSize };
        rows.push(await measureRow(trainingContenders(sides, peer), { ...planOf(quick), unit: 'ms/step', setting }));
      }
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function predictionRows({ prediction }: GpuFindings, peer: Peer, { quick }: BenchOptions): Promise<GpuRow[]> {
  if ('lack' in prediction) return [];
  const rows: GpuRow[] = [];
  for (const baseWidth of quick ? [8] : [8, 32]) {
    const sides = { program: program('./our-prediction.js'), baseWidth, ...prediction.found };
    const { model, input, ensemble, training } = sweepSpec(baseWidth);
    const members = ensemble.folds * ensemble.operatingPoints.length;
    const setting = { what: 'prediction', members, model, input, batchSize: training.batchSize };
    rows.push(await measureRow(predictionContenders(sides, peer), { ...planOf(quick), unit: 'ms/batch', setting }));
  }
  return rows;
}

/** Many warm-ups: both sides choose their kernels in the first runs, and the compiled form is compiled there. */
const planOf = (quick: boolean) => ({
  runs: quick ? 5 : 25,
  warmUps: quick ? 5 : 20,
  stepsPerRun: quick ? 5 : 20,
  title: 'gpu',
});

function describe(rows: readonly GpuRow[], { driver }: GpuFindings): BenchReport {
  const first = rows[0]!;
  const torch = rows.flatMap(({ loaded }) => loaded).find(({ torch: version }) => version !== undefined)?.['torch'];
  return toReport({
    name: 'gpu',
    machine: describeMachine(),
    versions: { ...installedVersions(), torch: String(torch), driver: 'found' in driver ? driver.found : '' },
    unit: first.unit,
    better: 'lower',
    ours: first.ours,
    rivals: first.rivals,
    details: { rows: rows.map(describeRow) },
  });
}
