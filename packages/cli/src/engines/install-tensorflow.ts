import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineManifest } from '@probity/core/engines/engine-build';
import {
  TENSORFLOW_BINDING,
  TENSORFLOW_VERSION,
  tensorFlowBuild,
  type TensorFlowDevice,
} from '@probity/core/engines/tensorflow-installation';
import { FetchFailure } from '../tools/fetch-failure.js';
import { runCommand } from '../tools/run-command.js';
import { compileBinding, nodeHeaders } from './compile-binding.js';
import { installEngine, type Installed, type InstallOptions, type Recipe } from './install-engine.js';
import { NODE_HEADERS, TENSORFLOW_SOURCES } from './tensorflow-sources.js';
import type { Workplace } from './workplace.js';

/** Of the wheels' platform, `manylinux_2_27`. */
const GLIBC_MIN = [2, 27];

/**
 * Installs TensorFlow's library and tfjs-node's binding to it: fetched by pinned digests, compiled here.
 *
 * @throws {ProbityError} `INSTALL_FAILED`; nothing half installed is left
 */
export const installTensorFlow = ({
  device,
  ...options
}: InstallOptions & { readonly device: TensorFlowDevice }): Promise<Installed> =>
  installEngine(recipeFor(device), options);

const recipeFor = (device: TensorFlowDevice): Recipe => ({
  build: tensorFlowBuild(device),
  needs: {
    bytes: TENSORFLOW_SOURCES[device].bytesNeeded,
    glibcMin: GLIBC_MIN,
    programs: ['g++', 'python3', 'npm', 'tar'],
  },
  make: (workplace) => make(device, workplace),
  tryOut,
});

async function make(device: TensorFlowDevice, workplace: Workplace): Promise<EngineManifest['sources']> {
  const { folder, environment } = workplace;
  const { binding, wheels } = TENSORFLOW_SOURCES[device];
  const sources = await workplace.fetchPackage(binding);
  const ownHeaders = nodeHeaders();
  const packages = ownHeaders === undefined ? [binding, NODE_HEADERS] : [binding];
  const headers = ownHeaders ?? join(await workplace.fetchPackage(NODE_HEADERS), 'include');
  const unpacked = await workplace.unpackWheels(wheels);
  await workplace.during('Compiling the binding', () => compileBinding({ sources, headers, folder }, environment));
  await keepLicences(folder, sources);
  return [...packages.map(({ name, integrity }) => ({ name, digest: integrity })), ...unpacked];
}

/** TensorFlow's licence is tfjs-node's too, whose package holds no copy of it; of the headers nothing is needed any more. */
async function keepLicences(folder: string, sources: string): Promise<void> {
  const library = join(folder, 'tensorflow');
  await copyFile(join(library, 'include/LICENSE'), join(folder, 'LICENSE'));
  await rename(join(library, 'THIRD_PARTY_NOTICES.txt'), join(folder, 'THIRD_PARTY_NOTICES.txt'));
  await copyFile(join(sources, 'package.json'), join(folder, 'tfjs-node.package.json'));
  await rm(join(library, 'include'), { recursive: true });
}

async function tryOut({ folder, environment }: Workplace): Promise<void> {
  const script = 'console.log(require(process.argv[1]).TF_Version)';
  const { status, lastLine } = await runCommand(process.execPath, ['-e', script, join(folder, TENSORFLOW_BINDING)], {
    timeoutSeconds: 120,
    env: { ...environment, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  if (status !== 0) throw new FetchFailure(`it does not load: ${lastLine}`);
  if (lastLine !== TENSORFLOW_VERSION) throw new FetchFailure(`it says it is version "${lastLine}"`);
}
