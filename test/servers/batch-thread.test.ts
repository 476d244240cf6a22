import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

interface Answer {
  readonly threaded: readonly string[];
  readonly direct: readonly string[];
  readonly failures: readonly string[];
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

  it('fails instead of waiting for ever once its thread has died', () => {
    expect(answer.failures).toEqual([
      expect.stringContaining('Invalid typed array length'),
      expect.stringContaining('Invalid typed array length'),
    ]);
  });
});
