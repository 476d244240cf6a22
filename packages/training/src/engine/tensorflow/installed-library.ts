import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  TENSORFLOW_MANIFEST,
  TENSORFLOW_VERSION,
  tensorFlowInstallCommand,
  tensorFlowManifestSchema,
  type TensorFlowDevice,
  type TensorFlowManifest,
} from '@probity/core/engines/tensorflow-installation';
import { ProbityError } from '@probity/core/errors';

export interface InstalledLibrary {
  /** `<tools>/tensorflow-…`, as `probity engine install tensorflow` makes it. */
  readonly folder: string;
  readonly device: TensorFlowDevice;
}

/**
 * Looks at an installation before it is loaded: its version, and that each of its files is there and of its length. Digests
 * are checked where it is installed and by `probity doctor`: reading a gigabyte would delay every job.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` that names every file at fault and the command that mends it.
 */
export async function requireInstalled(library: InstalledLibrary): Promise<void> {
  const manifest = await readManifest(library);
  if (manifest.tensorflow !== TENSORFLOW_VERSION || manifest.device !== library.device) {
    const found = `it is version ${manifest.tensorflow} for ${manifest.device}`;
    throw unavailable(library, `${found}, and ${TENSORFLOW_VERSION} for ${library.device} is needed`);
  }
  const faults = manifest.files.map(async ({ path, bytes }) => {
    const found = await stat(join(library.folder, path)).catch(() => undefined);
    if (found === undefined) return [`"${path}" is missing`];
    return found.size === bytes ? [] : [`"${path}" is damaged: it has ${found.size} bytes instead of ${bytes}`];
  });
  const found = (await Promise.all(faults)).flat();
  if (found.length > 0) throw unavailable(library, found.join('; '));
}

async function readManifest(library: InstalledLibrary): Promise<TensorFlowManifest> {
  const { folder } = library;
  const text = await readFile(join(folder, TENSORFLOW_MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) {
    const hasFolder = await stat(folder).catch(() => undefined);
    throw unavailable(library, hasFolder ? `"${TENSORFLOW_MANIFEST}" is missing` : 'it is not installed');
  }
  try {
    return tensorFlowManifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw unavailable(library, `"${TENSORFLOW_MANIFEST}" is damaged`, cause);
  }
}

/** @param state What is wrong with it. */
export function unavailable({ folder, device }: InstalledLibrary, state: string, cause?: unknown): ProbityError {
  const message = `Cannot use TensorFlow at "${folder}": ${state}. Run "${tensorFlowInstallCommand(device)}"`;
  return new ProbityError('ENGINE_UNAVAILABLE', message, { details: { folder }, cause });
}
