import { describe, expect, it } from 'vitest';
import { isDeviceLost } from './device-lost.js';

describe('isDeviceLost()', () => {
  it.each([
    'Non-zero status code returned while running Conv node. Status Message: CUDA failure 700: an illegal memory access was encountered ; GPU=0 ; hostname=a ; file=cuda_call.cc',
    'CUDA failure 46: all CUDA-capable devices are busy or unavailable ; GPU=0',
    'CUDA failure 999: unknown error ; GPU=0',
    'INTERNAL: CUDA error: Failed to sync stream: CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered',
    'WebGPU device lost (2): the driver was reset',
    '[Device] is lost',
  ])('knows %s', (message) => {
    expect(isDeviceLost(new Error(message))).toBe(true);
    expect(isDeviceLost(message)).toBe(true);
  });

  it.each([
    'CUDA failure 2: out of memory ; GPU=0',
    'CUDA failure 1: invalid argument ; GPU=1',
    'CUDA failure 100: no CUDA-capable device is detected ; GPU=0',
    'failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected',
    'CUDA_ERROR_OUT_OF_MEMORY: out of memory',
    'Got invalid dimensions for input: images',
    'The input of the device was not fed, and its name is lost',
  ])('leaves alone %s', (message) => {
    expect(isDeviceLost(new Error(message))).toBe(false);
  });
});
