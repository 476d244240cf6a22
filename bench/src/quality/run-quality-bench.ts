import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrapMean, bootstrapPairedDifference } from '@probity/core/metrics/bootstrap-over-groups';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { requireSpec } from '@probity/core/schemas/fill-spec';
import type { Engine } from '@probity/training/engine/engine';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { processorHasBfloat16 } from '@probity/training/engine/tensorflow/bfloat16';
import { createTensorFlowEngine } from '@probity/training/engine/tensorflow/tensorflow-engine';
import { ImageSizes } from '@probity/training/inference/prepare-images';
import { parse } from 'yaml';
import type { BenchOptions } from '../bench-options.js';
import { installedTensorFlow } from '../installed-tensorflow.js';
import { describeMachine } from '../machine.js';
import { spread, toReport, type BenchReport } from '../report.js';
import { installedVersions } from '../versions.js';
import { curveDistance } from './loss-curves.js';
import { scoreOurMember, type OurTrained, type Trained } from './our-member.js';
import { prepareQualityData, type QualityData } from './quality-data.js';
import { scorePytorch, writePytorchInputs } from './pytorch-script.js';
import { writeChangedStart, writeSharedStart } from './shared-start.js';

const SEEDS = 3;

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

interface Plan {
  readonly spec: CampaignSpec;
  readonly seeds: readonly number[];
  readonly data: QualityData;
}

/** Trainings of one contender, one a seed. */
interface Arm<Result extends Trained = Trained> {
  readonly name: string;
  readonly trained: Result[];
}
type OurArm = Arm<OurTrained>;

const newArm = <Result extends Trained>(name: string): Arm<Result> => ({ name, trained: [] });

interface Trials {
  /** One of our engines each; the first is the one that is judged. */
  readonly ours: readonly OurArm[];
  /** PyTorch with weights and batches of its own. */
  readonly plain: Arm;
  /** PyTorch from the weights and on the batches of ours. */
  readonly sameStart: Arm;
  /** The same once more, its weights changed in their last bit: what rounding alone makes of a training. */
  readonly changedStart: Arm;
}

/**
 * Dice on real heart images: one member of each of our engines against a plain PyTorch script with the same images, network,
 * steps and augmentation, and against PyTorch from the very same start; beside it, how far PyTorch lies from itself.
 */
export async function runQualityBench(options: BenchOptions): Promise<BenchReport> {
  const spec = await qualitySpec(options);
  const seeds = Array.from({ length: options.seeds ?? (options.quick ? 1 : SEEDS) }, (_, seed) => seed);
  const predictor = await createOnnxEngine({ threads: availableParallelism() });
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'));
  const sizes = new ImageSizes(predictor);
  try {
    const plan = { spec, seeds, data: await prepareQualityData(spec, sizes) };
    const engines = [predictor, ...(await tensorFlowEngines())];
    return describe(await runTrials(plan, { engines, predictor, sizes, folder }), plan);
  } finally {
    await sizes.dispose();
    await rm(folder, { recursive: true });
  }
}

async function tensorFlowEngines(): Promise<Engine[]> {
  const folder = installedTensorFlow('quality');
  if (folder === undefined) return [];
  const forms = processorHasBfloat16() ? (['float32', 'bfloat16'] as const) : (['float32'] as const);
  const threads = availableParallelism();
  return Promise.all(
    forms.map((convolutions) => createTensorFlowEngine({ folder, device: 'cpu', threads, convolutions })),
  );
}

interface Equipment {
  readonly engines: readonly Engine[];
  readonly predictor: Engine;
  readonly sizes: ImageSizes;
  readonly folder: string;
}

async function runTrials({ spec, seeds, data }: Plan, { engines, folder, ...tools }: Equipment): Promise<Trials> {
  await writePytorchInputs({ folder, data });
  const ours = engines.map(({ name }) => newArm<OurTrained>(name));
  const theirs = {
    plain: newArm('PyTorch, plain script'),
    sameStart: newArm('PyTorch from the same start'),
    changedStart: newArm('PyTorch, start changed in the last bit'),
  };
  for (const seed of seeds) {
    const seeded = { ...spec, seed };
    const enter = <Result extends Trained>({ name, trained }: Arm<Result>, next: Result) => {
      process.stderr.write(`quality: seed ${seed}: ${name} ${next.score.toFixed(4)}\n`);
      trained.push(next);
    };
    for (const [i, engine] of engines.entries())
      enter(ours[i]!, await scoreOurMember({ spec: seeded, data, engine, ...tools }));
    const startFolder = await mkdtemp(join(folder, 'start-'));
    const start = await writeSharedStart(startFolder, { spec: seeded, items: data.labelled });
    const starts = { plain: undefined, sameStart: start, changedStart: await writeChangedStart(start, seed) };
    const train = async (kind: keyof typeof theirs) => {
      const trial = { name: theirs[kind].name, spec: seeded, start: starts[kind] };
      enter(theirs[kind], await scorePytorch({ folder, data }, trial));
    };
    await Promise.all([train('plain'), train('sameStart'), train('changedStart')]); // at once: nothing here is timed
    await rm(startFolder, { recursive: true }); // 130 MB a seed
  }
  return { ours, ...theirs };
}

const scoresOf = ({ trained }: Arm): number[] => trained.map(({ score }) => score);

function describe({ ours, plain, sameStart, changedStart }: Trials, { spec, seeds, data }: Plan): BenchReport {
  const first = ours[0]!;
  return toReport({
    name: 'quality',
    machine: describeMachine(),
    versions: installedVersions(),
    unit: 'dice',
    better: 'higher',
    ours: scoresOf(first),
    rivals: [plain, sameStart].map((arm) => ({ name: arm.name, runs: scoresOf(arm) })),
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
      plainScript: ofEach(ours, (arm) => ({ difference: differenceOf(arm, plain, spec.seed) })),
      /** The row of PyTorch against itself is what the rows of our engines are to be held against. */
      sameStart: ofEach([...ours, changedStart], (arm) => ({
        difference: differenceOf(arm, sameStart, spec.seed),
        lossCurves: distancesBySeed(arm, sameStart),
      })),
      /** How far loss curves of one contender lie apart between seeds: what the distances above are to be held against. */
      lossCurvesBetweenSeeds: ofEach([...ours, sameStart], distancesWithin),
      brier: ofEach(ours, ({ trained }) => {
        const bySeed = trained.map(({ brier }) => brier);
        return { ...spread(bySeed), bySeed };
      }),
      byPatient: ofEach([...ours, plain, sameStart, changedStart], meanByGroup),
    },
  });
}

/** Something of each contender, under its name. */
const ofEach = <OfArm extends Arm, Said>(arms: readonly OfArm[], say: (arm: OfArm) => Said): Record<string, Said> =>
  Object.fromEntries(arms.map((arm) => [arm.name, say(arm)]));

function differenceOf(ours: Arm, theirs: Arm, seed: number): Record<string, unknown> {
  const bySeed = ours.trained.map(({ score }, i) => score - theirs.trained[i]!.score);
  return {
    ...spread(bySeed),
    bySeed,
    /** Seeds drawn anew: the interval speaks of other starts. Of three seeds it is hardly more than their range. */
    overSeeds: bootstrapMean(bySeed, seed),
    /** Seeds averaged, patients drawn anew: the interval speaks of other patients. */
    overPatients: bootstrapPairedDifference(meanByGroup(ours), meanByGroup(theirs), seed),
  };
}

const distancesBySeed = (ours: Arm, theirs: Arm): number[] =>
  ours.trained.map(({ losses }, i) => curveDistance(losses, theirs.trained[i]!.losses));

const distancesWithin = ({ trained }: Arm): number[] =>
  trained.flatMap((a, i) => trained.slice(i + 1).map((b) => curveDistance(a.losses, b.losses)));

function meanByGroup({ trained }: Arm): Record<string, number> {
  return Object.fromEntries(
    Object.keys(trained[0]!.byGroup).map((group) => [
      group,
      trained.reduce((sum, { byGroup }) => sum + byGroup[group]!, 0) / trained.length,
    ]),
  );
}
