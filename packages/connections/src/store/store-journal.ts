import { randomUUID } from 'node:crypto';
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { withFolder } from './with-folder.js';

/** A writer elsewhere that is silent for so long is taken for dead. */
const SILENT_MILLISECONDS_MAX = 24 * 3600 * 1000;
/** One of this machine that runs no more is given this long all the same: containers may share a host name and not their pids. */
const GONE_MILLISECONDS_MIN = 10 * 60 * 1000;

const entrySchema = z.object({ pid: z.int(), host: z.string(), key: z.string(), file: z.string() });
export type JournalEntry = z.infer<typeof entrySchema>;

/**
 * Which files are being written, so that those of a writer that died can be removed: a note is made before the file
 * and removed after its key is published.
 */
export class StoreJournal {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async begin(key: string, file: string): Promise<() => Promise<void>> {
    const note = join(this.#folder, `${randomUUID()}.json`);
    const entry: JournalEntry = { pid: process.pid, host: hostname(), key, file };
    await withFolder(this.#folder, () => writeFile(note, JSON.stringify(entry), { flag: 'wx' }));
    return () => rm(note, { force: true });
  }

  /** Calls `remove` with each entry of a dead writer, then forgets the entry. */
  async sweep(remove: (entry: JournalEntry) => Promise<void>): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const note = join(this.#folder, name);
      const entry = await readEntry(note);
      if (entry === undefined || !(await isDead(entry, note))) continue;
      await remove(entry);
      await rm(note, { force: true });
    }
  }
}

/** A note that vanished was finished meanwhile; one that is not whole yet belongs to a writer that has no file yet. */
async function readEntry(note: string): Promise<JournalEntry | undefined> {
  try {
    return entrySchema.parse(JSON.parse(await readFile(note, 'utf8')));
  } catch {
    return undefined;
  }
}

async function isDead({ pid, host }: JournalEntry, note: string): Promise<boolean> {
  const limit = host === hostname() && !isAlive(pid) ? GONE_MILLISECONDS_MIN : SILENT_MILLISECONDS_MAX;
  const modified = await stat(note).catch(() => undefined);
  return modified !== undefined && Date.now() - modified.mtimeMs > limit;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
