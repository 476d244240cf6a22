import { readFile } from 'node:fs/promises';
import { runCommand } from '../tools/run-command.js';

/**
 * What tells a process from a later one of the same pid: when it was started, and in which boot of the machine.
 * `undefined` where no such process runs.
 */
export async function processFingerprint(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return linuxFingerprint(pid);
  const { status, output } = await runCommand('ps', ['-o', 'lstart=', '-p', String(pid)], { timeoutSeconds: 10 });
  const started = output.trim();
  return status === 0 && started !== '' ? started : undefined;
}

async function linuxFingerprint(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The command's name may hold spaces and brackets; what follows its last bracket does not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startedTicks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X') return undefined; // ended, and only waits to be collected
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()}:${startedTicks}`;
  } catch {
    return undefined;
  }
}

/** Whether the very process that had `fingerprint` runs. */
export const isRunning = async ({ pid, fingerprint }: { pid: number; fingerprint: string }): Promise<boolean> =>
  (await processFingerprint(pid)) === fingerprint;
