import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import { pythonFolder, requirePython } from '../python-environment.js';
import type { Trained } from './our-member.js';
import type { QualityData } from './quality-data.js';
import type { SharedStart } from './shared-start.js';

/** Files that quality.py reads: the very images and labels that ours trains on. */
export interface PytorchInputs {
  readonly folder: string;
  readonly data: QualityData;
}

export async function writePytorchInputs({ folder, data }: PytorchInputs): Promise<void> {
  await writeFile(join(folder, 'images.f32'), data.labelled.images);
  await writeFile(join(folder, 'labels.u8'), data.labelled.labels);
  await writeFile(join(folder, 'test.f32'), data.testImages);
  await Promise.all(data.testItems.map(({ mask }, i) => writeFile(join(folder, `mask-${i}.u8`), mask)));
}

export interface PytorchTrial {
  /** For progress. */
  readonly name: string;
  readonly spec: CampaignSpec;
  /** None: weights and batches are the script's own, as by the seed. */
  readonly start: SharedStart | undefined;
}

/** Trains and judges the plain PyTorch script once, on one thread. Its files must have been written. */
export async function scorePytorch(
  { folder, data }: PytorchInputs,
  { name, spec, start }: PytorchTrial,
): Promise<Trained> {
  const { input, model, training, seed } = spec;
  const files = {
    images: join(folder, 'images.f32'),
    labels: join(folder, 'labels.u8'),
    testImages: join(folder, 'test.f32'),
  };
  const testItems = data.testItems.map(({ group, height, width }, i) => ({
    group,
    height,
    width,
    mask: join(folder, `mask-${i}.u8`),
  }));
  const request = JSON.stringify({
    ...files,
    name,
    testItems,
    ...input,
    classes: 2,
    baseWidth: model.baseWidth,
    depth: model.depth,
    training,
    seed,
    threads: 1,
    ...(start && { start }),
  });
  return JSON.parse(await outputOf(requirePython(), [join(pythonFolder, 'quality.py')], request)) as Trained;
}

function outputOf(command: string, args: readonly string[], input: string): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined); // a script that ends before it has read says why by itself
  child.stdin.end(input);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(Buffer.concat(chunks).toString())
        : reject(new Error(`"${args.join(' ')}" ended with ${code}`)),
    );
  });
}
