import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  engineManifestSchema,
  MANIFEST_FILE,
  type EngineBuild,
  type EngineManifest,
} from '@probity/core/engines/engine-build';
import { ProbityError } from '@probity/core/errors';

export interface InstalledLibrary {
  /** `<tools>/<folder of the build>`, as `probity engine install` makes it. */
  readonly folder: string;
  /** What must lie in it. */
  readonly build: EngineBuild;
}

/**
 * Looks at an installation before it is loaded: its version, and that each of its files is there and of its length. Digests
 * are checked where it is installed and by `probity doctor`: reading a gigabyte would delay every job.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` that names every file at fault and the command that mends it.
 */
export async function requireInstalled(installed: InstalledLibrary): Promise<void> {
  const { folder, build } = installed;
  const manifest = await readManifest(installed);
  const version = manifest[build.library];
  if (version !== build.version || manifest.device !== build.device) {
    const found = `it is version ${version ?? 'unknown'} for ${manifest.device}`;
    throw unavailable(installed, `${found}, and ${build.version} for ${build.device} is needed`);
  }
  const faults = manifest.files.map(async ({ path, bytes }) => {
    const found = await stat(join(folder, path)).catch(() => undefined);
    if (found === undefined) return [`"${path}" is missing`];
    return found.size === bytes ? [] : [`"${path}" is damaged: it has ${found.size} bytes instead of ${bytes}`];
  });
  const found = (await Promise.all(faults)).flat();
  if (found.length > 0) throw unavailable(installed, found.join('; '));
}

async function readManifest(installed: InstalledLibrary): Promise<EngineManifest> {
  const { folder } = installed;
  const text = await readFile(join(folder, MANIFEST_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) {
    const hasFolder = await stat(folder).catch(() => undefined);
    throw unavailable(installed, hasFolder ? `"${MANIFEST_FILE}" is missing` : 'it is not installed');
  }
  try {
    return engineManifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw unavailable(installed, `"${MANIFEST_FILE}" is damaged`, cause);
  }
}

/** @param state What is wrong with it. */
export function unavailable({ folder, build }: InstalledLibrary, state: string, cause?: unknown): ProbityError {
  const message = `Cannot use ${build.title} at "${folder}": ${state}. Run "${build.installCommand}"`;
  return new ProbityError('ENGINE_UNAVAILABLE', message, { details: { folder }, cause });
}
