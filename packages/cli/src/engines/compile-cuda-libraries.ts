import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ONNX_CUDA_LIBRARIES } from '@probity/core/engines/onnx-cuda-installation';
import { compile } from './compile.js';
import { DRIVER_LIBRARY, NVIDIA_FOLDERS, NVIDIA_LIBRARIES } from './onnx-cuda-sources.js';

/** A module for Node that does nothing: what matters is what is linked to it. */
const MODULE = 'extern "C" void *napi_register_module_v1(void *, void *exports) { return exports; }\n';

/** As much of the driver as the linker asks for: it may be missing where an installation is made. */
const DRIVER = 'extern "C" int cuTensorMapEncodeTiled() { return 35; } // CUDA_ERROR: the driver does not suffice\n';

/** The folder of what stands in for the driver's library while an installation is made. */
export const driverStandIn = (work: string): string => join(work, 'driver');

/**
 * Makes the module that names NVIDIA's libraries by their places in the installation. onnxruntime knows them by name
 * only; a library that is loaded already is found by its name, whatever the paths of the process.
 *
 * @throws {FetchFailure} with the compiler's first complaint
 */
export async function compileCudaLibraries(
  { folder, work }: { folder: string; work: string },
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const driver = join(driverStandIn(work), DRIVER_LIBRARY);
  await mkdir(dirname(driver), { recursive: true });
  const sources = { driver: join(work, 'driver.cc'), module: join(work, 'cuda-libraries.cc') };
  await writeFile(sources.driver, DRIVER);
  await writeFile(sources.module, MODULE);
  const shared = ['-shared', '-fPIC'];
  await compile([...shared, sources.driver, `-Wl,-soname,${DRIVER_LIBRARY}`, '-o', driver], env);
  const places = [dirname(driver), ...NVIDIA_FOLDERS.map((place) => join(folder, place))];
  const libraries = [DRIVER_LIBRARY, ...NVIDIA_LIBRARIES].map((library) => `-l:${library}`);
  const runPath = NVIDIA_FOLDERS.map((place) => `$ORIGIN/${place}`).join(':');
  const linked = [...places.map((place) => `-L${place}`), '-Wl,--no-as-needed', ...libraries, `-Wl,-rpath,${runPath}`];
  await compile([...shared, sources.module, ...linked, '-o', join(folder, ONNX_CUDA_LIBRARIES)], env);
}
