import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capacityOfMachine } from '@probity/connections/machine';
import { jobsByRule, type Jobs } from '@probity/core/engines/job-rule';
import type { InferenceSpec } from '@probity/core/schemas/campaign-spec';
import { alternate, type Alternation } from '../alternate.js';
import type { BenchOptions } from '../bench-options.js';
import { pairedRatio, spread } from '../report.js';
import { RivalProcess } from '../rival-process.js';
import { IMAGE_SIZE, sweepSpec } from './sweep-campaign.js';

const ourSweep = fileURLToPath(new URL('./our-sweep.js', import.meta.url));

/**
 * How much of the bare ensemble's rate a whole sweep keeps: reading, decoding, resizing, calibrating and writing beside it.
 * What all members in one sweep take of as many sweeps of one member. With the jobs that a campaign runs on a machine that
 * was not measured, and with one job that has all threads to itself.
 */
export async function measureSweep({
  quick,
  folder,
}: BenchOptions & { folder: string }): Promise<Record<string, unknown>> {
  const plan = quick ? { runs: 2, warmUps: 1, stepsPerRun: 1 } : { runs: 9, warmUps: 1, stepsPerRun: 1 };
  const { input, model, ensemble, shardSize } = sweepSpec();
  const itemsPerShard = quick ? shardSize / 4 : shardSize;
  const measure = (jobs: Jobs, name: string) => measureJobs(jobs, { plan, folder: join(folder, name), itemsPerShard });
  return {
    runs: plan.runs,
    setting: {
      itemsPerShard,
      imageSize: IMAGE_SIZE,
      input,
      model,
      folds: ensemble.folds,
      operatingPoints: ensemble.operatingPoints,
    },
    ...(await measure(jobsByRule(capacityOfMachine()), 'store')),
    ...(!quick && { oneJob: await measure({ slots: 1, threads: availableParallelism() }, 'store-of-one-job') }),
  };
}

interface SweepPlan {
  readonly plan: Omit<Alternation, 'title'>;
  readonly folder: string;
  readonly itemsPerShard: number;
}

async function measureJobs(jobs: Jobs, { plan, folder, itemsPerShard }: SweepPlan): Promise<object> {
  const { slots, threads } = jobs;
  const { ensemble } = sweepSpec();
  const networks = ensemble.folds * ensemble.operatingPoints.length;
  const shards = slots * (plan.runs + plan.warmUps);
  const load = async (
    networks: 'all' | 'one',
    precision: InferenceSpec['precision'] = 'float32',
  ): Promise<RivalProcess[]> => {
    const children = Array.from({ length: slots }, () => new RivalProcess(process.execPath, [ourSweep]));
    const own = join(folder, `${networks}-${precision}`);
    const place = { folder: own, networks, precision, threads, shards, itemsPerShard, slots };
    for (const [slot, child] of children.entries()) await child.ask({ command: 'load', ...place, slot });
    return children;
  };
  const [float32, eightBits, oneMember] = [await load('all'), await load('all', 'int8'), await load('one')];
  const all = (children: readonly RivalProcess[], command: string) => async (): Promise<number> => {
    const began = performance.now();
    await Promise.all(children.map((child) => child.ask({ command })));
    return performance.now() - began;
  };
  const [sweep, bare, sweepInEightBits, sweepOfOne] = await alternate(
    [
      { name: 'whole sweep', step: all(float32, 'sweep') },
      { name: 'bare inference', step: all(float32, 'bare') },
      { name: 'whole sweep in 8 bits', step: all(eightBits, 'sweep') },
      { name: 'whole sweep of one member', step: all(oneMember, 'sweep') },
    ],
    { ...plan, title: `sweep, ${slots} job(s) of ${threads} thread(s)` },
  );
  const peakBytes = await Promise.all(float32.map((child) => child.peakBytes()));
  await Promise.all([...float32, ...eightBits, ...oneMember].map((child) => child.end()));
  const perSecond = (milliseconds: readonly number[]) =>
    spread(milliseconds.map((value) => (slots * itemsPerShard * 1000) / value));
  return {
    jobs,
    sweepImagesPerSecond: perSecond(sweep!),
    bareImagesPerSecond: perSecond(bare!),
    /** Rate of the sweep over that of bare inference: 1 would be a sweep that costs nothing beside it. */
    ratio: pairedRatio({ ours: sweep!, theirs: bare!, better: 'lower' }),
    /** Of the time of as many sweeps of one member: images are read, decoded and written once for all. */
    shareOfSingleSweeps: pairedRatio({
      ours: sweepOfOne!.map((milliseconds) => networks * milliseconds),
      theirs: sweep!,
      better: 'lower',
    }),
    /** Above 1 says that a whole sweep is faster in 8 bits than in float32. */
    eightBitsRatio: pairedRatio({ ours: sweepInEightBits!, theirs: sweep!, better: 'lower' }),
    /** Of each job. */
    peakBytes: Math.max(...peakBytes),
  };
}
