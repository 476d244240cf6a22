/**
 * Little-endian float32 numbers from bytes, in memory of their own. A `Buffer` may be a window into a larger, shared
 * block at any offset, and its `slice` copies nothing: neither can stand for an array of floats.
 */
export function floatsFrom(bytes: Uint8Array): Float32Array {
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return new Float32Array(copy.buffer);
}

/** The bytes of numbers, without a copy. */
export const bytesOf = (floats: Float32Array): Uint8Array =>
  new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
