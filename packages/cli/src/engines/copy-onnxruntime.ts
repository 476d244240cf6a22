import { existsSync } from 'node:fs';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ONNX_CUDA_PACKAGE } from '@probity/core/engines/onnx-cuda-installation';
import { ONNXRUNTIME_VERSION } from '@probity/core/engines/onnx-runtime';
import { FetchFailure } from '../tools/fetch-failure.js';
import { fileDigest } from '../tools/fetch-wheel.js';

/** Within the package: where its binding lies, and where onnxruntime looks for what it loads for a device. */
export const NATIVE_FOLDER = 'bin/napi-v6/linux/x64';
const NATIVE_FILES = ['libonnxruntime.so.1', 'onnxruntime_binding.node'];

/**
 * Copies onnxruntime's npm package as `npm ci` has put it there, unchanged, without what other platforms need of it and
 * without what its own script may have fetched.
 *
 * @param root A file or folder from which the package is looked for as Node does.
 * @returns What was copied, with the digest of its library.
 * @throws {FetchFailure} where the package is missing or of another version
 */
export async function copyOnnxruntime(
  root: string,
  installation: string,
): Promise<{ readonly name: string; readonly digest: string }> {
  const from = packageFolder('onnxruntime-node', root);
  const { version } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8')) as { version: string };
  if (version !== ONNXRUNTIME_VERSION) {
    const state = `"${from}" is version ${version}, and ${ONNXRUNTIME_VERSION} is needed`;
    throw new FetchFailure(`${state}; run "npm ci"`);
  }
  const to = join(installation, ONNX_CUDA_PACKAGE);
  await copyParts(from, to, ['package.json', 'dist', ...NATIVE_FILES.map((file) => join(NATIVE_FOLDER, file))]);
  const common = 'onnxruntime-common';
  await copyParts(packageFolder(common, join(from, 'package.json')), join(dirname(to), common), [
    'package.json',
    'dist/cjs',
  ]);
  return {
    name: `onnxruntime-node@${version}`,
    digest: `sha256-${await fileDigest(join(to, NATIVE_FOLDER, NATIVE_FILES[0]!))}`,
  };
}

async function copyParts(from: string, to: string, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    await mkdir(dirname(join(to, part)), { recursive: true });
    await cp(join(from, part), join(to, part), { recursive: true, dereference: true });
  }
}

/** Looks into the folders one by one, since a package may export no more than its code. */
function packageFolder(name: string, root: string): string {
  const places = createRequire(root).resolve.paths(name) ?? [];
  const found = places.map((place) => join(place, name)).find((folder) => existsSync(join(folder, 'package.json')));
  if (found === undefined) throw new FetchFailure(`there is no package "${name}" beside "${root}"; run "npm ci"`);
  return found;
}
