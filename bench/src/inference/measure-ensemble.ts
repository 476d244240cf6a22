import { fileURLToPath } from 'node:url';
import { alternate } from '../alternate.js';
import type { BenchOptions } from '../bench-options.js';
import { pairedRatio, spread } from '../report.js';
import { RivalProcess } from '../rival-process.js';
import { sweepSpec } from './sweep-campaign.js';

const ourEnsemble = fileURLToPath(new URL('./our-ensemble.js', import.meta.url));
const THREADS = 1;

/** What all k·m members in one pass take of k·m times one member: as they are, and where a fold's members share an encoder. */
export async function measureEnsemble({ quick }: BenchOptions): Promise<Record<string, unknown>> {
  const { model, input, ensemble } = sweepSpec();
  const networks = ensemble.folds * ensemble.operatingPoints.length;
  const child = new RivalProcess(process.execPath, [ourEnsemble]);
  await child.ask({ command: 'load', threads: THREADS });
  const plan = quick ? { runs: 3, warmUps: 1, stepsPerRun: 1 } : { runs: 15, warmUps: 2, stepsPerRun: 1 };
  const [members, apart, shared] = await alternate(
    [
      // As many calls as there are networks, so that both sides of a pair take about as long.
      { name: `${networks} × one member`, step: () => several(networks, () => child.time('member')) },
      { name: 'one pass', step: () => child.time('ensemble') },
      { name: 'one pass, shared encoders', step: () => child.time('sharedEnsemble') },
    ],
    { ...plan, title: `inference, ${networks} members` },
  );
  await child.end();
  const share = (runs: readonly number[]) => ({
    ...spread(runs),
    /** Of the time of so many single members; below 1 the pass is cheaper. */
    shareOfTime: pairedRatio({ ours: members!, theirs: runs, better: 'lower' }),
  });
  return {
    networks,
    setting: { model, input, threads: THREADS },
    singleMembers: { ...spread(members!), unit: 'ms/batch' },
    onePass: share(apart!),
    onePassSharedEncoders: share(shared!),
  };
}

async function several(times: number, step: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += await step();
  return sum;
}
