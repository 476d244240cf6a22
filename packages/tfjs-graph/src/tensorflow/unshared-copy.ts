import type { Numbers } from '../graph.js';

/**
 * Numbers to be fed through tfjs-node's binding, in memory that begins between TensorFlow's boundaries of 64 bytes. Such memory
 * it copies at once; memory on its boundaries it would share, also with a variable, and give back from a thread of its own,
 * where Node must not be called.
 */
export function unsharedCopy(data: Numbers): Numbers {
  const memory = new ArrayBuffer((data.length + 1) * data.BYTES_PER_ELEMENT);
  const copy =
    data instanceof Float32Array
      ? new Float32Array(memory, data.BYTES_PER_ELEMENT)
      : data instanceof Int32Array
        ? new Int32Array(memory, data.BYTES_PER_ELEMENT)
        : new Uint8Array(memory, data.BYTES_PER_ELEMENT);
  copy.set(data);
  return copy;
}
