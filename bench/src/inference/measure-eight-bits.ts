import { fileURLToPath } from 'node:url';
import { alternate } from '../alternate.js';
import type { BenchOptions } from '../bench-options.js';
import { pairedRatio, spread } from '../report.js';
import { RivalProcess } from '../rival-process.js';

const ourEightBits = fileURLToPath(new URL('./our-eight-bits.js', import.meta.url));
const THREADS = 1;
const BASE_WIDTHS = [8, 16, 32] as const;

/** One member of several widths with its convolutions in 8 bits against the same in float32, in blocks where the machine has them. */
export async function measureEightBits({ quick }: BenchOptions): Promise<Record<string, unknown>> {
  const widths: Record<string, unknown>[] = [];
  for (const baseWidth of BASE_WIDTHS) {
    const child = new RivalProcess(process.execPath, [ourEightBits]);
    await child.ask({ command: 'load', threads: THREADS, baseWidth });
    const plan = quick ? { runs: 5, warmUps: 1, stepsPerRun: 1 } : { runs: 25, warmUps: 3, stepsPerRun: 3 };
    const [float32, eightBits] = await alternate(
      [
        { name: 'float32', step: () => child.time('float32') },
        { name: '8 bits', step: () => child.time('eightBits') },
      ],
      { ...plan, title: `inference, width ${baseWidth}` },
    );
    await child.end();
    widths.push({
      baseWidth,
      float32: spread(float32!),
      eightBits: spread(eightBits!),
      /** Above 1 says that 8 bits are faster. */
      ratio: pairedRatio({ ours: eightBits!, theirs: float32!, better: 'lower' }),
    });
  }
  return { setting: { threads: THREADS, unit: 'ms/batch' }, widths };
}
