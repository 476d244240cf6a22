import { setTimeout as wait } from 'node:timers/promises';
import { isRunning } from './process-fingerprint.js';

const POLL_MILLISECONDS = 50;
/** Longer than a worker's own grace for its jobs. */
const GRACE_SECONDS = 20;

/**
 * Ends a process: asks with SIGTERM, waits, then kills it and what it started. A process that took over the pid is left alone.
 *
 * @returns how it went; `absent` where it ran no more
 */
export async function endProcess(service: {
  pid: number;
  fingerprint: string;
}): Promise<'absent' | 'ended' | 'killed'> {
  if (!(await isRunning(service))) return 'absent';
  signal(service.pid, 'SIGTERM');
  if (await hasEnded(service, GRACE_SECONDS)) {
    killGroup(service.pid);
    return 'ended';
  }
  killGroup(service.pid);
  signal(service.pid, 'SIGKILL');
  await hasEnded(service, GRACE_SECONDS);
  return 'killed';
}

async function hasEnded(service: { pid: number; fingerprint: string }, seconds: number): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    if (!(await isRunning(service))) return true;
    await wait(POLL_MILLISECONDS);
  }
  return false;
}

/** The jobs of a worker are in its group; they must not compute on when it is gone. */
const killGroup = (pid: number): void => signal(-pid, 'SIGKILL');

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
