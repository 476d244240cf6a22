import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSpecFile, requireSpecOfFile } from './read-spec-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-spec-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function faultsOf(text: string): Promise<string> {
  const path = join(folder, 'lv.yaml');
  await writeFile(path, text);
  const read = async () => requireSpecOfFile(await readSpecFile(path));
  const error = await read().then(
    () => expect.unreachable('the file has faults'),
    (thrown: Error & { code: string }) => thrown,
  );
  expect(error).toMatchObject({ code: 'SPEC_INVALID' });
  return error.message.replaceAll(path, 'lv.yaml');
}

describe('requireSpecOfFile()', () => {
  it('completes a short file', async () => {
    const path = join(folder, 'lv.yaml');
    await writeFile(path, 'name: lv\ndataset: lv\nsplit: { labelled: 6, test: 8 }\n');
    const spec = requireSpecOfFile(await readSpecFile(path), { channels: 3 });
    expect(spec).toMatchObject({ name: 'lv', split: { labelled: 6, test: 8 }, input: { channels: 3 } });
  });

  it('names every wrong key at once, each with its line, its column and the reason', async () => {
    const text =
      'name: lv\nsplit:\n  labelled: 0\n  test: 8\ntraining:\n  lerningRate: 0.01\n  steps: many\nensemble:\n  operatingPoints:\n    - 0\n    - big\n';
    expect(await faultsOf(text)).toMatchInlineSnapshot(`
      "Cannot read campaign file "lv.yaml": 5 faults
        lv.yaml:1:1  dataset: Is missing
        lv.yaml:3:3  split.labelled: Too small: expected number to be >=1
        lv.yaml:6:3  training.lerningRate: Unknown key, did you mean "learningRate"?
        lv.yaml:7:3  training.steps: Expected number, received string
        lv.yaml:11:7  ensemble.operatingPoints.1: Expected number, received string"
    `);
  });

  it('names the place of a fault that YAML itself finds', async () => {
    expect(await faultsOf('name: lv\nname: lw\nsplit: [1\n')).toMatchInlineSnapshot(`
      "Cannot read campaign file "lv.yaml": 2 faults
        lv.yaml:2:1  Map keys must be unique
        lv.yaml:4:1  Flow sequence in block collection must be sufficiently indented and end with a ]"
    `);
  });

  it('says what is missing from an empty file', async () => {
    expect(await faultsOf('')).toMatchInlineSnapshot(`
      "Cannot read campaign file "lv.yaml": 1 fault
        lv.yaml:1:1  Must be a mapping with at least name, dataset and split"
    `);
  });

  it('says that there is no such file', async () => {
    await expect(readSpecFile(join(folder, 'none.yaml'))).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message: expect.stringContaining('there is no such file'),
    });
  });
});
