import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProbityError } from '@probity/core/errors';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const pythonFolder = join(root, 'bench/python');

/** Rivals of processors and rivals of GPUs: what each is made from and what it is called for people who wait. */
const ENVIRONMENTS = {
  processor: {
    folder: '.tools/bench-python',
    requirements: 'requirements.txt',
    what: 'PyTorch and its libraries, about 5.7 GB on disk',
  },
  gpu: {
    folder: '.tools/bench-python-gpu',
    requirements: 'requirements-gpu.txt',
    what: 'PyTorch with CUDA, about 5.6 GB on disk',
  },
} as const;

/**
 * The interpreter of the rivals' own environment, installed on first use.
 *
 * @throws {ProbityError} `TOOL_MISSING` when python3 is absent or the install fails.
 */
export function requirePython(kind: keyof typeof ENVIRONMENTS = 'processor'): string {
  const { folder, requirements, what } = ENVIRONMENTS[kind];
  const environment = join(root, folder);
  const listed = join(pythonFolder, requirements);
  const marker = join(environment, 'requirements.txt');
  const python = join(environment, 'bin/python');
  const wanted = readFileSync(listed, 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return python;

  process.stderr.write(`Installing the rivals (${what}) into ${folder} …\n`);
  run('python3', ['-m', 'venv', environment]);
  run(join(environment, 'bin/pip'), ['install', '--quiet', '-r', listed]);
  writeFileSync(marker, wanted);
  return python;
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  const message = `Cannot install the rivals with "${command} ${args.join(' ')}": it ended with ${status ?? error?.message}. Python 3.10 or later with venv and pip is needed`;
  throw new ProbityError('TOOL_MISSING', message, { cause: error });
}
