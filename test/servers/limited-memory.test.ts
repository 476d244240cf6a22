import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('fold-program.mjs', import.meta.url));

interface Answer {
  /** Address space of the process before it trained. */
  readonly kilobytes: number;
  readonly halvings: readonly number[];
  readonly batchParts: number;
  readonly curve: readonly { readonly step: number; readonly loss: number }[];
}

/** @param kilobytesMax Address space of the process, by the shell's own limit. */
async function train(kilobytesMax: number | 'unlimited'): Promise<Answer> {
  const command = `ulimit -v ${kilobytesMax}; exec "$0" "$1"`;
  const { stdout } = await promisify(execFile)('sh', ['-c', command, process.execPath, program]);
  return JSON.parse(stdout) as Answer;
}

// Address space is limited on Linux only; a whole batch wants above 1 GB, one image a thirtieth of that.
it.skipIf(process.platform !== 'linux')(
  'a fold whose batch does not fit into the memory that is left ends with halved batches and the same losses',
  async () => {
    const whole = await train('unlimited');
    expect([whole.halvings, whole.batchParts]).toEqual([[], 1]);
    const halved = await train(whole.kilobytes + 400_000);
    expect(halved.batchParts).toBeGreaterThan(1);
    expect(halved.halvings.at(-1)).toBe(halved.batchParts);
    expect(halved.curve.map(({ step }) => step)).toEqual(whole.curve.map(({ step }) => step));
    expect(whole.curve.length).toBeGreaterThan(0);
    whole.curve.forEach(({ loss }, i) => expect(halved.curve[i]!.loss).toBeCloseTo(loss, 3));
  },
);
