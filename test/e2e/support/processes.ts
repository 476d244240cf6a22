import { readFile, readdir } from 'node:fs/promises';
import { readStack } from '@probity/cli/stack/read-stack';

/** The process id of a running service of a stack. */
export async function pidOf(home: string, service: string): Promise<number> {
  const found = (await readStack(home)).find(({ name, state }) => name === service && state === 'running');
  if (!found) throw new Error(`Service "${service}" does not run in "${home}"`);
  return found.pid;
}

/** The children of a process, from the kernel's own table. */
export async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await parentOf(pid)) === parent ? [pid] : [])));
  return found.flat();
}

async function parentOf(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined; // it ended while we looked
  }
}

export async function isAlive(pid: number): Promise<boolean> {
  return (await parentOf(pid)) !== undefined;
}
