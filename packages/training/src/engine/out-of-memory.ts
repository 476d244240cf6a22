/** What libraries say where memory is lacking, as they were seen to say it. */
const SAYINGS: readonly RegExp[] = [
  /Failed to allocate memory/i, // onnxruntime's arena: "Failed to allocate memory for requested buffer of size 16777216"
  /std::bad_alloc/, // onnxruntime, where an operator allocates for itself
  /Array buffer allocation failed/, // V8, for what goes into a library and comes out of it
  /OOM when allocating tensor/, // TensorFlow
  /RESOURCE_EXHAUSTED/, // TensorFlow, by its status
  /CUDA_ERROR_OUT_OF_MEMORY|CUDA failure 2\b|out of memory/i, // the driver, by way of either
];

/** Whether a library failed for lack of memory, by what it said: libraries have no code for it that reaches JavaScript. */
export function isOutOfMemory(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return SAYINGS.some((saying) => saying.test(message));
}
