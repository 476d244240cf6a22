import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ONNX_CUDA_BUILD, ONNX_CUDA_LIBRARIES, ONNX_CUDA_PACKAGE } from '@probity/core/engines/onnx-cuda-installation';
import { ProbityError } from '@probity/core/errors';
import { requireInstalled, unavailable, type InstalledLibrary } from '../installed-library.js';
import { asOnlyCopy, type OnnxRuntime } from './onnx-library.js';

const require = createRequire(import.meta.url);

/**
 * Loads onnxruntime with its libraries for CUDA, as `probity engine install onnx-cuda` has put them together. Whether there
 * is a device shows when a session is made.
 *
 * @param tools The folder of what was fetched and installed.
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where it is not installed, damaged, of another version, or does not load, and
 *   where NVIDIA's driver is missing.
 */
export async function loadCudaLibrary(tools: string): Promise<OnnxRuntime> {
  const folder = join(tools, ONNX_CUDA_BUILD.folderName);
  const installed: InstalledLibrary = { folder, build: ONNX_CUDA_BUILD };
  await requireInstalled(installed);
  return asOnlyCopy(folder, load(installed));
}

function load(installed: InstalledLibrary): OnnxRuntime {
  const { folder } = installed;
  try {
    require(join(folder, ONNX_CUDA_LIBRARIES));
    return require(join(folder, ONNX_CUDA_PACKAGE)) as OnnxRuntime;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw /\blibcuda\.so/.test(reason)
      ? withoutDriver(folder, cause)
      : unavailable(installed, `it does not load: ${reason}`, cause);
  }
}

const withoutDriver = (folder: string, cause: unknown): ProbityError =>
  new ProbityError(
    'ENGINE_UNAVAILABLE',
    `Cannot compute on the device "cuda" with onnxruntime at "${folder}": this machine has no driver of NVIDIA's (libcuda.so.1). Install one, see docs/engines.md; or set PROBITY_ONNX_DEVICE to "cpu"`,
    { details: { folder }, cause },
  );
