import { hasCode, ProbityError } from '@probity/core/errors';
import { isDeviceLost } from './device-lost.js';
import { isOutOfMemory } from './out-of-memory.js';

/** True for what may pass by itself: it says nothing of what a library can do. */
export const mayPass = (error: unknown): boolean => hasCode(error, 'OUT_OF_MEMORY', 'DEVICE_LOST');

/**
 * A call into a library, with a code where memory is lacking or the device is gone. Every engine makes its calls through it.
 *
 * @param what For the message: `run a graph`.
 * @throws {ProbityError} `OUT_OF_MEMORY` or `DEVICE_LOST` with what the library said; any other error as it came.
 */
export async function callLibrary<Result>(what: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    if (isOutOfMemory(cause)) {
      const message = `Cannot ${what}: the device has no memory left for it: ${reason}`;
      throw new ProbityError('OUT_OF_MEMORY', message, { cause });
    }
    if (isDeviceLost(cause)) {
      const advice = 'Another attempt begins in a process of its own; if it comes again, look at "nvidia-smi"';
      throw new ProbityError('DEVICE_LOST', `Cannot ${what}: the device is lost: ${reason}. ${advice}`, { cause });
    }
    throw cause;
  }
}
