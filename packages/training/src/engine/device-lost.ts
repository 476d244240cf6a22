/** What libraries say of a device that is gone, or that this process cannot use any more; no driver takes it back without a new process. */
const SAYINGS: readonly RegExp[] = [
  // onnxruntime: "CUDA failure 700: an illegal memory access was encountered ; GPU=0"; by the numbers of the CUDA runtime
  // for a device that is held by others, uncorrectable memory, faults of a kernel, a destroyed context, and what it does not
  // know. A machine that has no device says so by other numbers, when an engine is made.
  /CUDA failure (46|214|7[01]\d|999)\b/,
  // The driver, by way of TensorFlow.
  /CUDA_ERROR_(DEVICE_UNAVAILABLE|ECC_|ILLEGAL_|LAUNCH_|MISALIGNED_|HARDWARE_|CONTEXT_IS_DESTROYED|UNKNOWN)/,
  /\bdevice\]? (?:(?:is|was|has been) )?lost\b/i, // WebGPU
];

/** Whether a library failed since its device is lost to this process, by what it said. */
export function isDeviceLost(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return SAYINGS.some((saying) => saying.test(message));
}
