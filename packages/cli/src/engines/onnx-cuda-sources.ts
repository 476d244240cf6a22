import { ONNXRUNTIME_VERSION } from '@probity/core/engines/onnx-runtime';
import { CUDA_13_WHEELS } from './nvidia-wheels.js';
import type { WheelToUnpack } from './workplace.js';

/** Where the wheel has what onnxruntime loads for a device. */
export const PROVIDERS_FOLDER = 'onnxruntime/capi';
export const PROVIDERS = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'] as const;

/** Of onnxruntime for Python nothing but what computes by CUDA is used; it was built from the commit of the npm package. */
const PROVIDERS_WHEEL: WheelToUnpack = {
  requirement: `onnxruntime-gpu==${ONNXRUNTIME_VERSION}`,
  digest: '6acc0f4b3d5ac5f2984432faa59dd8fcce6775f8b43a7140afa0f322c7a703b1',
  tags: ['--python-version', '3.12', '--implementation', 'cp', '--platform', 'manylinux_2_28_x86_64'],
  members: '^onnxruntime/(LICENSE$|ThirdPartyNotices\\.txt$|capi/libonnxruntime_providers_(shared|cuda)\\.so$)',
};

export const ONNX_CUDA_WHEELS: readonly WheelToUnpack[] = [PROVIDERS_WHEEL, ...CUDA_13_WHEELS];

/**
 * Libraries that onnxruntime loads by their names. The driver's comes first: where it is missing nothing else need be
 * loaded to say so.
 */
export const DRIVER_LIBRARY = 'libcuda.so.1';
export const NVIDIA_FOLDERS = ['nvidia/cu13/lib', 'nvidia/cudnn/lib'] as const;
export const NVIDIA_LIBRARIES = [
  'libcudart.so.13',
  'libcublasLt.so.13',
  'libcublas.so.13',
  'libcurand.so.10',
  'libcufft.so.12',
  'libnvrtc.so.13',
  'libcudnn.so.9',
] as const;
