import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from './exit-codes.js';
import { createProgram } from './program.js';
import { runCli } from './run-cli.js';
import { captureTerminal } from './testing/captured-terminal.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'probity-cli-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const terminal = captureTerminal(home);
  const exitCode = await runCli(argv, terminal);
  const { out, err } = terminal.written();
  return { exitCode, out: out.replaceAll(home, '<home>'), err: err.replaceAll(home, '<home>') };
}

async function specFile(text: string): Promise<string> {
  const path = join(home, 'campaign.yaml');
  await writeFile(path, text);
  return path;
}

const everyCommand = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(everyCommand);
const commandPath = (command: Command): string[] =>
  command.parent === null ? [] : [...commandPath(command.parent), command.name()];
const commands = everyCommand(createProgram({ terminal: captureTerminal('/nowhere'), outcome: { exitCode: EXIT.ok } }));

describe('help', () => {
  it.each(commands.map((command) => commandPath(command)))(
    'of %s %s gives an example and ends with 0',
    async (...path) => {
      const { exitCode, out } = await run(...path.filter((word) => word !== undefined), '--help');
      expect(exitCode).toBe(EXIT.ok);
      expect(out).toMatch(/Examples?:\n/);
      expect(out).toContain('--json');
    },
  );

  it('lists the exit codes', async () => {
    expect((await run('--help')).out).toContain('3    Temporal or its workers are not up');
  });
});

describe('exit codes', () => {
  it.each([
    ['an unknown command', ['campaign', 'strat'], EXIT.badInput, "unknown command 'strat'"],
    ['a missing argument', ['campaign', 'start'], EXIT.badInput, "missing required argument 'file'"],
    [
      'a value that is no number',
      ['campaign', 'history', 'x', '--round', 'two'],
      EXIT.badInput,
      'Must be a whole number',
    ],
    ['a file that is not there', ['campaign', 'start', 'none.yaml'], EXIT.badInput, 'there is no such file'],
    ['a stack that is not up', ['campaign', 'list'], EXIT.stackDown, 'run "probity up"'],
    ['a data set that is not there', ['dataset', 'show', 'lv'], EXIT.notFound, 'Cannot find data set "lv"'],
    ['neither campaign nor file', ['replay'], EXIT.badInput, 'name either a campaign or --file'],
    ['a history that is none', ['replay', '--file', 'none.json'], EXIT.badInput, 'Cannot read history "none.json"'],
  ] as const)('tell %s', async (...row) => {
    const [, argv, exitCode, message] = row;
    const ended = await run(...argv);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.err).toContain(message);
    expect(ended.out).toBe('');
  });
});

describe('a failure', () => {
  it('says what happened, its code and what to do, without a trace', async () => {
    expect((await run('dataset', 'show', 'lv')).err).toMatchInlineSnapshot(`
      "Cannot find data set "lv": the store has none; "probity dataset import --help" says how
        code: DATASET_MISSING
        what to do: The message lists those that exist.
      "
    `);
  });

  it('shows a trace where asked for', async () => {
    expect((await run('dataset', 'show', 'lv', '--debug')).err).toContain('    at ');
  });

  it('is one JSON value on standard output with --json', async () => {
    const { out, err } = await run('dataset', 'show', 'lv', '--json');
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'DATASET_MISSING' } });
    expect(err).toContain('Cannot find data set');
  });

  it('of the settings names them all', async () => {
    const terminal = { ...captureTerminal(home), environment: { PROBITY_JOB_SLOTS: 'many', PROBITY_STORE: 'tape' } };
    expect(await runCli(['dataset', 'list'], terminal)).toBe(EXIT.badInput);
  });
});

describe('campaign start', () => {
  const short = 'name: tiny\ndataset: phantom\n';

  it('names every fault of the file with its line before it looks for the data set', async () => {
    const path = await specFile(`${short}split: { test: 3 }\ntrainning:\n  steps: 10\nrounds: { max: 99 }\n`);
    const { exitCode, err } = await run('campaign', 'start', path);
    expect(exitCode).toBe(EXIT.badInput);
    expect(err).toMatchInlineSnapshot(`
      "Cannot read campaign file "<home>/campaign.yaml": 2 faults
        <home>/campaign.yaml:4:1  trainning: Unknown key, did you mean "training"?
        <home>/campaign.yaml:6:11  rounds.max: Too big: expected number to be <=50
        code: SPEC_INVALID
        what to do: Every fault is listed with its line; mend them and start again.
      "
    `);
  });

  it('refuses a promise that the labels cannot keep, before anything is started', async () => {
    await run('dataset', 'phantom', '--name', 'phantom', '--items', '12', '--groups', '12', '--size', '16');
    const path = await specFile(`${short}split: { labelled: 4, test: 3 }\nensemble: { folds: 2 }\n`);
    const { exitCode, err } = await run('campaign', 'start', path);
    expect(exitCode).toBe(EXIT.badInput);
    expect(err).toContain('Set selection.thresholds.errorMax to 0.2 or more');
  });

  it('says with --check what it would do, and starts nothing', async () => {
    await run('dataset', 'phantom', '--name', 'phantom', '--items', '12', '--groups', '12', '--size', '16');
    const path = await specFile(
      `${short}split: { labelled: 4, test: 3 }\nensemble: { folds: 2 }\nselection: { thresholds: { errorMax: 0.25 } }\ninput: { height: 16, width: 16 }\n`,
    );
    const { exitCode, out } = await run('campaign', 'start', path, '--check');
    expect(exitCode).toBe(EXIT.ok);
    expect(out.replace(/very roughly .* here/, 'very roughly TIME here')).toMatchInlineSnapshot(`
      "Labelled  4 items in 4 groups
      Test set  3 items in 3 groups, locked
      Pool      5 items in 5 groups
      Ensemble  2 folds × 7 members; unet, 16 × 16
      Rounds    round 0 and up to 2 pseudo-label rounds
      Training  3,000 steps a round, 1,500 a fold
      Time      very roughly TIME here; the progress tells better
      Promise   at most 25 % of called foreground wrong and of true foreground missed, in a new group; 20 % is the least that 4 labelled groups can promise
      "
    `);
    const { out: json } = await run('campaign', 'start', path, '--check', '--json');
    expect(JSON.parse(json)).toMatchObject({
      id: 'tiny',
      started: false,
      preview: { folds: 2, members: 7 },
      spec: { name: 'tiny' },
    });
  });
});

describe('dataset', () => {
  it('generates, lists and shows a phantom; the same again changes nothing', async () => {
    const argv = ['dataset', 'phantom', '--name', 'small', '--items', '4', '--groups', '2', '--size', '16'];
    const made = await run(...argv);
    expect(made.out).toMatchInlineSnapshot(`
      "Data set  small (segmentation)
      Items     4 in 2 groups
      Labels    4 by people, 0 by machine, 0 without
      Classes   background (in 4 items), lesion (in 4 items)
      Sizes     16 × 16 pixels, grey
      "
    `);
    expect(JSON.parse((await run(...argv, '--json')).out)).toMatchObject({ dataset: 'small', reused: true });
    expect((await run('dataset', 'list')).out).toMatchInlineSnapshot(`
      "data set  task          items  groups  by people  by machine  set aside
      small     segmentation      4       2          4           0          0
      "
    `);
    expect(JSON.parse((await run('dataset', 'show', 'small', '--json')).out)).toMatchObject({
      itemCount: 4,
      groupCount: 2,
      humanCount: 4,
    });
  });

  it('exports what it holds, and refuses a folder that holds something', async () => {
    await run('dataset', 'phantom', '--name', 'small', '--items', '4', '--groups', '2', '--size', '16');
    const out = join(home, 'exported');
    const exported = await run('dataset', 'export', 'small', '--format', 'png', '--out', out);
    expect(exported).toMatchObject({
      exitCode: EXIT.ok,
      out: 'Exported small: 4 items, 4 labels to "<home>/exported"\n',
    });
    expect((await run('dataset', 'export', 'small', '--format', 'png', '--out', out)).exitCode).toBe(EXIT.badInput);
  });

  it('lists every fault of a folder in a table', async () => {
    const folder = join(home, 'broken');
    const { mkdir } = await import('node:fs/promises');
    await mkdir(join(folder, 'images'), { recursive: true });
    await writeFile(join(folder, 'images/a.png'), 'no image');
    await writeFile(join(folder, 'manifest.csv'), 'id,image,mask\na,images/a.png,\nb,images/b.png,\n');
    const { exitCode, err } = await run('dataset', 'import', folder, '--name', 'broken');
    expect(exitCode).toBe(EXIT.badInput);
    expect(err).toMatchInlineSnapshot(`
      "Cannot import data set "broken": 2 faults in <home>/broken; nothing was imported

      file          fault         found
      images/a.png  unreadable    not a whole image file (Input buffer contains unsupported image format)
      images/b.png  file-missing  the image of "b" is missing

        code: DATASET_INVALID
        what to do: Every faulty file is listed; nothing was imported.
      "
    `);
  });
});
