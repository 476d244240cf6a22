import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '@probity/connections/tools-folder';
import type { EngineManifest } from '@probity/core/engines/engine-build';
import { ONNX_CUDA_BUILD, ONNX_CUDA_PACKAGE } from '@probity/core/engines/onnx-cuda-installation';
import { FetchFailure } from '../tools/fetch-failure.js';
import { runCommand } from '../tools/run-command.js';
import { compileCudaLibraries, driverStandIn } from './compile-cuda-libraries.js';
import { copyOnnxruntime, NATIVE_FOLDER } from './copy-onnxruntime.js';
import { installEngine, type Installed, type InstallOptions } from './install-engine.js';
import { ONNX_CUDA_WHEELS, PROVIDERS, PROVIDERS_FOLDER } from './onnx-cuda-sources.js';
import type { Workplace } from './workplace.js';

interface OnnxCudaOptions extends InstallOptions {
  /** From where onnxruntime's npm package is looked for, unless this checkout's own is meant. */
  readonly packagesOf?: string;
}

/**
 * Installs onnxruntime for CUDA: a copy of its npm package with the libraries of the same release that compute by CUDA, and
 * NVIDIA's, fetched by pinned digests.
 *
 * @throws {ProbityError} `INSTALL_FAILED`; nothing half installed is left
 */
export const installOnnxCuda = ({
  packagesOf = join(repositoryRoot, 'packages/training/package.json'),
  ...options
}: OnnxCudaOptions): Promise<Installed> =>
  installEngine(
    {
      build: ONNX_CUDA_BUILD,
      needs: {
        bytes: 3.2e9,
        glibcMin: [2, 28], // of the wheels' platform, manylinux_2_28
        programs: ['g++', 'python3'],
      },
      make: (workplace) => make(packagesOf, workplace),
      tryOut,
    },
    options,
  );

async function make(packagesOf: string, workplace: Workplace): Promise<EngineManifest['sources']> {
  const { folder, work, environment } = workplace;
  const copied = await workplace.during('Copying onnxruntime-node', () => copyOnnxruntime(packagesOf, folder));
  const unpacked = await workplace.unpackWheels(ONNX_CUDA_WHEELS);
  await placeProviders(folder);
  await workplace.during('Compiling what names the libraries', () =>
    compileCudaLibraries({ folder, work }, environment),
  );
  return [copied, ...unpacked];
}

/** Beside onnxruntime's own library, which is where it looks for them. */
async function placeProviders(folder: string): Promise<void> {
  const native = join(folder, ONNX_CUDA_PACKAGE, NATIVE_FOLDER);
  for (const library of PROVIDERS) await rename(join(folder, PROVIDERS_FOLDER, library), join(native, library));
  for (const notice of ['LICENSE', 'ThirdPartyNotices.txt'])
    await rename(join(folder, 'onnxruntime', notice), join(folder, notice));
  await rm(join(folder, 'onnxruntime'), { recursive: true });
}

/** Makes the engine as a job does. */
const TRY_OUT = `
  const [engine, tools] = process.argv.slice(1);
  const { createOnnxEngine } = await import(engine);
  const made = createOnnxEngine({ threads: 1, device: 'cuda', tools });
  console.log(await made.then(({ choice }) => choice, ({ message }) => message));
  process.exit();`;

/** It must get as far as CUDA, which then may have its say about the device. */
const GOT_TO_CUDA = /self-test|CUDA failure \d+/;
const NO_DRIVER = /\blibcuda\.so/;

/** Where the machine has no driver, everything else is still loaded and asked, with a stand-in for it that CUDA refuses. */
async function tryOut({ work, environment, say }: Workplace): Promise<void> {
  const engine = pathToFileURL(join(repositoryRoot, 'packages/training/dist/engine/onnx/onnx-engine.js')).href;
  const run = (env: NodeJS.ProcessEnv) =>
    runCommand(process.execPath, ['--input-type=module', '-e', TRY_OUT, engine, work], { timeoutSeconds: 300, env });
  const first = await run(environment);
  const hasDriver = !NO_DRIVER.test(first.output);
  const withStandIn = { ...environment, LD_LIBRARY_PATH: driverStandIn(work) };
  const { output, lastLine } = hasDriver ? first : await run(withStandIn);
  if (!GOT_TO_CUDA.test(output)) throw new FetchFailure(`it does not load: ${lastLine}`);
  say(
    hasDriver ? `It loads: ${lastLine}` : "It loads. This machine has no driver of NVIDIA's, so nothing was computed",
  );
}
