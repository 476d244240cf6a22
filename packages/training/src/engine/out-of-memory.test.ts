import { describe, expect, it } from 'vitest';
import { isOutOfMemory } from './out-of-memory.js';

/** Messages as libraries gave them; those of onnxruntime 1.30 under a limit of address space. */
const lacking = [
  "Non-zero status code returned while running Conv node. Name:'Conv_100' Status Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:360 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate memory for requested buffer of size 16777216\n",
  "Non-zero status code returned while running Sub node. Name:'Sub_263' Status Message: std::bad_alloc",
  'Array buffer allocation failed',
  'OOM when allocating tensor with shape[8,16,512,512] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc',
  'RESOURCE_EXHAUSTED: failed to allocate memory',
  'failed to allocate 2.00G (2147483648 bytes) from device: CUDA_ERROR_OUT_OF_MEMORY: out of memory',
];
const other = [
  'Got invalid dimensions for input: images for the following indices\n index: 0 Got: 2 Expected: 4',
  'OPERATION_UNSUPPORTED: Conv3D',
  'Cannot find module "onnxruntime-node"',
];

describe('isOutOfMemory()', () => {
  it.each(lacking)('knows %s', (message) => {
    expect(isOutOfMemory(new Error(message))).toBe(true);
    expect(isOutOfMemory(message)).toBe(true);
  });

  it.each(other)('leaves alone %s', (message) => {
    expect(isOutOfMemory(new Error(message))).toBe(false);
  });

  it('knows what this very runtime throws for memory that no machine has', () => {
    let thrown: unknown;
    try {
      thrown = new ArrayBuffer(2 ** 52);
    } catch (error) {
      thrown = error;
    }
    expect(isOutOfMemory(thrown)).toBe(true);
  });
});
