import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toolsFolder } from '@probity/connections/tools-folder';
import type { EngineBuild, EngineManifest } from '@probity/core/engines/engine-build';
import { withFileLock } from '../stack/file-lock.js';
import { installationFaults, writeManifest } from './installed-files.js';
import {
  installFailed,
  requireFitMachine,
  thisMachine,
  type Machine,
  type MachineNeeds,
} from './require-fit-machine.js';
import { Workplace } from './workplace.js';

export interface InstallOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly machine?: Machine;
  /** Called with what is being done, for people who wait. */
  readonly onProgress?: (line: string) => void;
}

export interface Installed {
  readonly folder: string;
  readonly version: string;
  readonly device: string;
  /** `false`: it was there already, and every file is what its manifest says. */
  readonly isNew: boolean;
}

/** How a build is made. */
export interface Recipe {
  readonly build: EngineBuild;
  readonly needs: MachineNeeds;
  /** Fills the workplace's folder. @returns What it was made of. @throws {ProbityError} `INSTALL_FAILED` */
  make(workplace: Workplace): Promise<EngineManifest['sources']>;
  /** Loads what was made, in a process of its own: a library that does not fit may take its process down. */
  tryOut(workplace: Workplace): Promise<void>;
}

/**
 * Installs a build into the tools folder: made beside its place, tried out, and put under its final name as a whole. What
 * is there already is verified; what is damaged is replaced.
 *
 * @throws {ProbityError} `INSTALL_FAILED`; nothing half installed is left
 */
export async function installEngine(
  recipe: Recipe,
  { environment, machine = thisMachine(), onProgress = () => {} }: InstallOptions,
): Promise<Installed> {
  const { build, needs } = recipe;
  const tools = toolsFolder(environment);
  const folder = join(tools, build.folderName);
  const installed = { folder, version: build.version, device: build.device };
  await mkdir(tools, { recursive: true }).catch((cause: Error) => {
    throw installFailed(
      build,
      [`there can be no folder "${tools}": ${cause.message}; name another with PROBITY_TOOLS`],
      cause,
    );
  });
  return withFileLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) {
      const faults = await installationFaults(folder);
      if (faults.length === 0) return { ...installed, isNew: false };
      onProgress(`What is installed is replaced: ${faults.join('; ')}`);
    }
    await removeStale(folder);
    await requireFitMachine({ build, needs, folder: tools }, { machine, environment });
    await makeBeside(folder, (work) => fill(recipe, new Workplace({ build, work, environment, onProgress })));
    return { ...installed, isNew: true };
  });
}

const workPrefix = (folder: string): string => join(dirname(folder), `.installing-${basename(folder)}-`);

/** What an installation that was killed has left; under the lock nobody else is at work. */
async function removeStale(folder: string): Promise<void> {
  const prefix = basename(workPrefix(folder));
  const stale = (await readdir(dirname(folder))).filter((name) => name.startsWith(prefix));
  await Promise.all(stale.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })));
}

/** Makes a folder in a temporary one and puts it into its place when it is whole. */
async function makeBeside(folder: string, make: (work: string) => Promise<string>): Promise<void> {
  const work = await mkdtemp(workPrefix(folder));
  try {
    const made = await make(work);
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fill({ build, make, tryOut }: Recipe, workplace: Workplace): Promise<string> {
  await mkdir(workplace.folder);
  const sources = await make(workplace);
  await writeManifest(workplace.folder, { build, sources });
  await workplace.during('Trying it out', () => tryOut(workplace));
  return workplace.folder;
}
