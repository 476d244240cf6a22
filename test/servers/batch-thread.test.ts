import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

interface Answer {
  readonly threaded: readonly string[];
  readonly direct: readonly string[];
  readonly unmakeable: readonly string[];
  readonly dead: readonly string[];
  readonly afterwards: readonly string[];
  readonly undisturbed: readonly string[];
  readonly threadCount: number;
}

const program = fileURLToPath(new URL('batch-program.mjs', import.meta.url));
let answer: Answer;
beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 60_000 });
  answer = JSON.parse(stdout) as Answer;
});

describe('threadedBatchSource()', () => {
  it('gives the very batches that are made without a thread, range after range, of labels and of probabilities', () => {
    expect(answer.threaded).toHaveLength(28);
    expect(answer.threaded).toEqual(answer.direct);
    expect(new Set(answer.threaded).size).toBe(18); // a fork sees what the fork before it saw
  });

  it('says why a batch cannot be made', () => {
    expect(answer.unmakeable).toEqual([0, 1].map(() => expect.stringContaining('Invalid typed array length')));
  });

  it('fails instead of waiting for ever once its thread has died', () => {
    expect(answer.dead).toEqual(
      [0, 1].map(() => expect.stringMatching(/^The thread that makes batches ended with code \d$/)),
    );
  });
});

describe('keepBatchThread()', () => {
  it('gives the very batches to source after source from one thread, which replaces one that died', () => {
    expect(answer.afterwards).toHaveLength(4 * 14);
    expect(answer.afterwards).toEqual(answer.undisturbed);
    expect(answer.threadCount).toBe(2);
  });
});
