import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate } from '../alternate.js';
import type { BenchOptions } from '../bench-options.js';
import { pairedRatio, spread } from '../report.js';
import { RivalProcess } from '../rival-process.js';
import { IMAGE_SIZE, sweepSpec } from './sweep-campaign.js';

const ourSweep = fileURLToPath(new URL('./our-sweep.js', import.meta.url));
const THREADS = 2;

/** How much of the bare ensemble's rate a whole sweep keeps: reading, decoding, resizing, calibrating and writing beside it. */
export async function measureSweep({
  quick,
  folder,
}: BenchOptions & { folder: string }): Promise<Record<string, unknown>> {
  const plan = quick ? { runs: 2, warmUps: 1, stepsPerRun: 1 } : { runs: 9, warmUps: 1, stepsPerRun: 1 };
  const { input, model, ensemble, shardSize: itemsPerShard } = sweepSpec();
  const child = new RivalProcess(process.execPath, [ourSweep]);
  await child.ask({
    command: 'load',
    folder: join(folder, 'store'),
    threads: THREADS,
    shards: plan.runs + plan.warmUps,
    itemsPerShard,
  });
  const [sweep, bare] = await alternate(
    [
      { name: 'whole sweep', step: () => child.time('sweep') },
      { name: 'bare inference', step: () => child.time('bare') },
    ],
    { ...plan, title: 'inference, sweep' },
  );
  const peakBytes = await child.peakBytes();
  await child.end();
  const perSecond = (milliseconds: readonly number[]) =>
    spread(milliseconds.map((value) => (itemsPerShard * 1000) / value));
  return {
    runs: sweep!.length,
    setting: {
      itemsPerShard,
      imageSize: IMAGE_SIZE,
      input,
      model,
      folds: ensemble.folds,
      operatingPoints: ensemble.operatingPoints,
      threads: THREADS,
    },
    sweepImagesPerSecond: perSecond(sweep!),
    bareImagesPerSecond: perSecond(bare!),
    /** Rate of the sweep over that of bare inference: 1 would be a sweep that costs nothing beside it. */
    ratio: pairedRatio({ ours: sweep!, theirs: bare!, better: 'lower' }),
    peakBytes,
  };
}
