import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  engineManifestSchema,
  MANIFEST_FILE,
  type EngineBuild,
  type EngineManifest,
} from '@probity/core/engines/engine-build';
import { fileDigest } from '../tools/fetch-wheel.js';

/** Writes the manifest of everything that lies in the folder. */
export async function writeManifest(
  folder: string,
  { build, sources }: { build: EngineBuild } & Pick<EngineManifest, 'sources'>,
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const files: EngineManifest['files'] = [];
  for (const path of paths.toSorted()) {
    const { size: bytes } = await stat(path);
    files.push({ path: relative(folder, path), bytes, sha256: await fileDigest(path) });
  }
  const identity = { [build.library]: build.version, device: build.device };
  const manifest: EngineManifest = { schemaVersion: 1, ...identity, sources, files };
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** What is wrong with an installation, file by file; nothing where it is what its manifest says. */
export async function installationFaults(folder: string): Promise<readonly string[]> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return [`${MANIFEST_FILE} is missing or damaged`];
  const faults = manifest.files.map(async ({ path, sha256 }) => {
    const found = await fileDigest(join(folder, path)).catch(() => undefined);
    if (found === undefined) return [`${path} is missing`];
    return found === sha256 ? [] : [`${path} is damaged`];
  });
  return (await Promise.all(faults)).flat();
}

async function readManifest(folder: string): Promise<EngineManifest | undefined> {
  try {
    const parsed = engineManifestSchema.safeParse(JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')));
    return parsed.data;
  } catch {
    return undefined; // not there, or no JSON
  }
}
