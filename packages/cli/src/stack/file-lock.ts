import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ProbityError } from '@probity/core/errors';
import { isRunning, processFingerprint } from './process-fingerprint.js';

const POLL_MILLISECONDS = 100;
/** Longer than the longest thing done under a lock: building a server. */
const WAIT_MINUTES_MAX = 20;

/**
 * Runs `call` while no other process runs one under the same path. A lock whose owner died is taken over.
 *
 * @throws {ProbityError} `STACK_DOWN` when the owner holds it for too long
 */
export async function withFileLock<T>(path: string, call: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const mine = JSON.stringify({
    pid: process.pid,
    fingerprint: await processFingerprint(process.pid),
    nonce: randomUUID(),
  });
  await acquire(path, mine);
  try {
    return await call();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, mine: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  // Linked in whole, so that nobody reads half a lock.
  await writeFile(draft, mine);
  const deadline = Date.now() + WAIT_MINUTES_MAX * 60_000;
  try {
    while (!(await tryLink(draft, path))) {
      const owner = await readFile(path, 'utf8').catch(() => undefined);
      if (owner !== undefined && !(await isOwned(owner))) await takeAway(path, owner);
      else if (Date.now() > deadline) throw held(path, owner);
      else await wait(POLL_MILLISECONDS);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isOwned(lock: string): Promise<boolean> {
  try {
    return await isRunning(JSON.parse(lock) as { pid: number; fingerprint: string });
  } catch {
    return false; // not a lock of ours: nobody can own it
  }
}

/** Of two that see a dead owner one may already hold the lock anew: then it is given back. */
async function takeAway(path: string, owner: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return; // somebody else did
  }
  if ((await readFile(aside, 'utf8')) !== owner) await tryLink(aside, path);
  await rm(aside, { force: true });
}

function held(path: string, owner: string | undefined): ProbityError {
  const state = `process ${owner ?? 'unknown'} holds it for more than ${WAIT_MINUTES_MAX} minutes; end it or remove the file`;
  return new ProbityError('STACK_DOWN', `Cannot lock "${path}": ${state}`, { details: { path } });
}
