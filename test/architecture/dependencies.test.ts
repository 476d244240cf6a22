import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ONNXRUNTIME_VERSION } from '@probity/core/engines/onnx-runtime';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { repositoryRoot } from './source-files.js';

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), resolved: z.string().optional() })),
});
const text = readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8');
const { packages } = lockSchema.parse(JSON.parse(text));
const installed = (name: string) => Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));

describe('the lock file', () => {
  it('holds one copy of protobufjs: with several, replay of a JSON history fails with "type must be a Type"', () => {
    expect(installed('protobufjs')).toHaveLength(1);
  });

  it('holds one version of the Temporal SDK', () => {
    const versions = Object.entries(packages)
      .filter(([path]) => /node_modules\/@temporalio\/(?!proto|cloud)[a-z-]+$/.test(path))
      .map(([, { version }]) => version);
    expect(new Set(versions)).toEqual(new Set(['1.24.0']));
  });

  it('holds the version of onnxruntime that measurements are kept for', () => {
    const versions = installed('onnxruntime-node').map(([, { version }]) => version);
    expect(versions).toEqual([ONNXRUNTIME_VERSION]);
  });

  it('names no host', () => {
    const hosts = Object.values(packages).filter(({ resolved }) => resolved?.includes('://'));
    expect(hosts).toEqual([]);
  });
});
