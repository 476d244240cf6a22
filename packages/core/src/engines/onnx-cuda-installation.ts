import type { EngineBuild } from './engine-build.js';
import { ONNXRUNTIME_VERSION } from './onnx-runtime.js';

/** The package of npm with what it loads to compute by CUDA, which must be of the very same release. */
export const ONNX_CUDA_BUILD: EngineBuild = {
  library: 'onnxruntime',
  version: ONNXRUNTIME_VERSION,
  device: 'cuda',
  title: 'onnxruntime for CUDA',
  folderName: `onnxruntime-${ONNXRUNTIME_VERSION}-cuda`,
  installCommand: 'probity engine install onnx-cuda',
};

/** Paths within an installation. The package lies as npm lays it, so that it finds its own parts. */
export const ONNX_CUDA_PACKAGE = 'node_modules/onnxruntime-node';
/** Loading it loads NVIDIA's libraries, which onnxruntime then finds by their names. */
export const ONNX_CUDA_LIBRARIES = 'cuda_libraries.node';
