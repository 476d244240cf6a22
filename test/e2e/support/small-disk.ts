import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own, which can be filled and locked as a real disk. */
export interface SmallDisk {
  readonly folder: string;
  setReadOnly(readOnly: boolean): Promise<void>;
  /** Writes until nothing more fits, and again until something is over: what is deleted meanwhile must leave no room. */
  keepFull(until: Promise<void>): Promise<void>;
  makeRoom(): Promise<void>;
  remove(): Promise<void>;
}

/** `undefined`, and a line that says so, where this user may not mount. */
export async function createSmallDisk({ megabytes }: { megabytes: number }): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  } catch {
    await rm(folder, { recursive: true });
    process.stderr.write('SKIPPED: the tests with a disk of their own. Only root may mount one\n');
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    setReadOnly: async (readOnly) => {
      await run('mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, folder]);
    },
    keepFull: async (until) => {
      let isOver = false;
      const filling = async () => {
        // One call that asks for more than there is leaves what fitted.
        const more = () => writeFile(filler, new Uint8Array(megabytes * 1024 * 1024), { flag: 'a' }).catch(() => {});
        for (; !isOver; await wait(100)) await more();
      };
      await Promise.all([until.finally(() => (isOver = true)), filling()]);
    },
    makeRoom: () => rm(filler, { force: true }),
    remove: async () => {
      await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
