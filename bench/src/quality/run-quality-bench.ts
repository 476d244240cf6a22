import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrapPairedDifference } from '@probity/core/metrics/bootstrap-over-groups';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { requireSpec } from '@probity/core/schemas/fill-spec';
import type { Engine } from '@probity/training/engine/engine';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { ImageSizes } from '@probity/training/inference/prepare-images';
import { parse } from 'yaml';
import type { BenchOptions } from '../bench-options.js';
import { describeMachine } from '../machine.js';
import { spread, toReport, type BenchReport } from '../report.js';
import { installedVersions } from '../versions.js';
import { scoreOurMember, type PatientScores } from './our-member.js';
import { prepareQualityData, type QualityData } from './quality-data.js';
import { scorePytorch, writePytorchInputs } from './pytorch-script.js';

const exampleFile = fileURLToPath(new URL('../../../examples/sunnybrook.yaml', import.meta.url));

/** One network of the example's campaign, without its forks: the same split, network, steps and augmentation. */
async function qualitySpec({ quick }: BenchOptions): Promise<CampaignSpec> {
  const example = parse(await readFile(exampleFile, 'utf8')) as { training: object; ensemble: object };
  return requireSpec({
    ...example,
    training: { ...example.training, ...(quick && { steps: 100 }) },
    ensemble: { ...example.ensemble, operatingPoints: [0], forkAt: 1 },
  });
}

interface Trials {
  readonly ours: readonly PatientScores[];
  readonly pytorch: readonly PatientScores[];
}

/** Dice on real heart images: one of our members against a plain PyTorch script with the same images, network, steps and augmentation. */
export async function runQualityBench(options: BenchOptions): Promise<BenchReport> {
  const spec = await qualitySpec(options);
  const seeds = options.quick ? [0] : [0, 1, 2];
  const engine = await createOnnxEngine({ threads: availableParallelism() });
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'));
  const sizes = new ImageSizes(engine);
  try {
    const data = await prepareQualityData(spec, sizes);
    return describe(await runTrials({ spec, seeds, engine, sizes, folder, data }), { spec, seeds, data });
  } finally {
    await sizes.dispose();
    await rm(folder, { recursive: true });
  }
}

async function runTrials({
  spec,
  seeds,
  engine,
  sizes,
  folder,
  data,
}: Plan & { engine: Engine; sizes: ImageSizes; folder: string }): Promise<Trials> {
  await writePytorchInputs({ folder, data });
  const trials = { ours: [] as PatientScores[], pytorch: [] as PatientScores[] };
  for (const seed of seeds) {
    const seeded = { ...spec, seed };
    const ours = await scoreOurMember({ spec: seeded, data, engine, sizes });
    const pytorch = await scorePytorch({ folder, data }, { spec: seeded, threads: availableParallelism() });
    trials.ours.push(ours);
    trials.pytorch.push(pytorch);
    process.stderr.write(`quality: seed ${seed}: ours ${ours.score.toFixed(4)}, PyTorch ${pytorch.score.toFixed(4)}\n`);
  }
  return trials;
}

interface Plan {
  readonly spec: CampaignSpec;
  readonly seeds: readonly number[];
  readonly data: QualityData;
}

function describe({ ours, pytorch }: Trials, { spec, seeds, data }: Plan): BenchReport {
  const scores = (trials: readonly PatientScores[]) => trials.map(({ score }) => score);
  const bySeed = ours.map(({ score }, i) => score - pytorch[i]!.score);
  return toReport({
    name: 'quality',
    machine: describeMachine(),
    versions: installedVersions(),
    unit: 'dice',
    better: 'higher',
    ours: scores(ours),
    rivals: [{ name: 'PyTorch, plain script', runs: scores(pytorch) }],
    details: {
      setting: {
        data: 'sunnybrook-lv',
        labelledItems: data.labelled.ids.length,
        testItems: data.testItems.length,
        patients: data.patients,
        seeds,
        input: spec.input,
        model: spec.model,
        training: spec.training,
      },
      difference: {
        ...spread(bySeed),
        bySeed,
        /** Seeds averaged, patients drawn anew: the interval speaks of other patients. */
        overPatients: bootstrapPairedDifference(meanByGroup(ours), meanByGroup(pytorch), spec.seed),
      },
      byPatient: { ours: meanByGroup(ours), pytorch: meanByGroup(pytorch) },
    },
  });
}

function meanByGroup(trials: readonly PatientScores[]): Record<string, number> {
  return Object.fromEntries(
    Object.keys(trials[0]!.byGroup).map((group) => [
      group,
      trials.reduce((sum, { byGroup }) => sum + byGroup[group]!, 0) / trials.length,
    ]),
  );
}
