import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  TENSORFLOW_MANIFEST,
  tensorFlowManifestSchema,
  type TensorFlowManifest,
} from '@probity/core/engines/tensorflow-installation';
import { fileDigest } from '../tools/fetch-wheel.js';

/** Writes the manifest of everything that lies in the folder. */
export async function writeManifest(
  folder: string,
  origin: Omit<TensorFlowManifest, 'schemaVersion' | 'files'>,
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const files: TensorFlowManifest['files'] = [];
  for (const path of paths.toSorted()) {
    const { size: bytes } = await stat(path);
    files.push({ path: relative(folder, path), bytes, sha256: await fileDigest(path) });
  }
  const manifest: TensorFlowManifest = { schemaVersion: 1, ...origin, files };
  await writeFile(join(folder, TENSORFLOW_MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** What is wrong with an installation, file by file; nothing where it is what its manifest says. */
export async function installationFaults(folder: string): Promise<readonly string[]> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return [`${TENSORFLOW_MANIFEST} is missing or damaged`];
  const faults = manifest.files.map(async ({ path, sha256 }) => {
    const found = await fileDigest(join(folder, path)).catch(() => undefined);
    if (found === undefined) return [`${path} is missing`];
    return found === sha256 ? [] : [`${path} is damaged`];
  });
  return (await Promise.all(faults)).flat();
}

async function readManifest(folder: string): Promise<TensorFlowManifest | undefined> {
  try {
    const parsed = tensorFlowManifestSchema.safeParse(
      JSON.parse(await readFile(join(folder, TENSORFLOW_MANIFEST), 'utf8')),
    );
    return parsed.data;
  } catch {
    return undefined; // not there, or no JSON
  }
}
