import { readFile } from 'node:fs/promises';
import { ProbityError } from '@probity/core/errors';
import type { JobRequest } from './job-messages.js';

/** How a process ended before it answered. */
export interface Exit {
  readonly code: number | null;
  readonly killedBy: string | null;
}

export interface ProcessEnd extends Exit {
  /** Processes that the kernel killed for lack of memory while the job ran; `undefined` where nobody knows. */
  readonly memoryKills: number | undefined;
}

/** The kernel kills with this signal; a person may too. */
const isKill = ({ killedBy }: ProcessEnd): boolean => killedBy === 'SIGKILL';

/** Whether the kernel is known to have ended it for lack of memory. */
export const wasShortOfMemory = (end: ProcessEnd): boolean => isKill(end) && (end.memoryKills ?? 0) > 0;

const ADVICE =
  'lower PROBITY_JOB_SLOTS, so that fewer jobs share the memory, or in the campaign file model.baseWidth, training.batchSize or the size of input';

/** @param batchParts Into how many parts the next attempt cuts its batches. */
export function jobKilled(
  kind: JobRequest['kind'],
  { end, batchParts }: { end: ProcessEnd; batchParts: number },
): ProbityError {
  const how = wordsOf(end);
  const again = `It is started again${kind.startsWith('train') ? ' and goes on from its newest checkpoint' : ''}`;
  const message = `Cannot finish ${kind} job: its process ended with ${how} before it answered${reason(end)}. ${again}${
    batchParts > 1 ? `, with batches cut into ${batchParts} parts` : ''
  }${isKill(end) ? `. Should it happen again: ${ADVICE}` : ''}`;
  return new ProbityError('JOB_KILLED', message, { details: { how } });
}

/** A library that does not run here may also end the process that loads it. */
export function enginesNotMade(exit: Exit): ProbityError {
  const message = `Cannot make the engines of this worker: the process that tried ended with ${wordsOf(exit)}; its last words are in the worker's log`;
  return new ProbityError('ENGINE_UNAVAILABLE', message, { details: { how: wordsOf(exit) } });
}

const wordsOf = ({ code, killedBy }: Exit): string => (killedBy ? `signal ${killedBy}` : `exit code ${code}`);

function reason(end: ProcessEnd): string {
  if (wasShortOfMemory(end)) return ': the machine ran out of memory, and the kernel killed it';
  if (isKill(end) && end.memoryKills === undefined) return ': the machine probably ran out of memory';
  // What Node and the C++ library do when an allocation of their own fails.
  if (end.killedBy === 'SIGABRT') return ': it gave up, perhaps for lack of memory; the log has its last words';
  return '';
}

/**
 * How many processes the kernel has killed for lack of memory since it started, also within a container's limit; `undefined`
 * where it does not say: only Linux does.
 *
 * @see `oom_kill` in /proc/vmstat, Linux 4.13 and later
 */
export async function countMemoryKills(file = '/proc/vmstat'): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}
