import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ONNX_CUDA_BUILD } from '@probity/core/engines/onnx-cuda-installation';
import { toolsOfTests } from './tools-of-tests.js';

/** Whether `probity engine install onnx-cuda` has run. */
export const hasOnnxCuda = existsSync(join(toolsOfTests, ONNX_CUDA_BUILD.folderName));
if (!hasOnnxCuda) process.stderr.write(`Skipped: tests of onnxruntime for CUDA; it is not in "${toolsOfTests}"\n`);
