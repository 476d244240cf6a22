import { setTimeout as wait } from 'node:timers/promises';
import { hasCode, ProbityError } from '@probity/core/errors';
import type { JobProcesses } from './job-processes.js';

const LOOK_AGAIN_MILLISECONDS = 5_000;

const meansNoEngine = (error: unknown): error is ProbityError => hasCode(error, 'ENGINE_UNAVAILABLE', 'DEVICE_LOST');

/**
 * What a job that found no engine, or lost its device, means. Where a worker's engines were there at its start and cannot be
 * made any more, their device or library is gone, and may come back. Where they can, the device came back to a new process at
 * once, or it is the campaign that asks for more than they do.
 *
 * @returns A `DEVICE_LOST` to throw in the place of the error; `undefined` where the error says all.
 */
export async function engineLoss(error: unknown, processes: JobProcesses): Promise<ProbityError | undefined> {
  if (!meansNoEngine(error)) return undefined;
  const reason = await reasonForNone(processes);
  if (!reason) return undefined;
  const message = `Cannot compute on this worker any more: ${reason.message}. It takes no steps until its engine is back; the next attempt goes on then, or on another worker`;
  return new ProbityError('DEVICE_LOST', message, { cause: reason });
}

/** Looks every few seconds. @throws The signal's reason once it is aborted. */
export async function untilEnginesAreBack(processes: JobProcesses, signal: AbortSignal): Promise<void> {
  do await wait(LOOK_AGAIN_MILLISECONDS, undefined, { signal });
  while (await reasonForNone(processes, signal));
}

/** Why no engine can be made; `undefined` where one can, or where it is not known. */
async function reasonForNone(processes: JobProcesses, signal?: AbortSignal): Promise<ProbityError | undefined> {
  try {
    await processes.makeEngines(signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (meansNoEngine(error)) return error;
  }
  return undefined;
}
