import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { requireInput } from '@probity/core/errors';

/**
 * Lets `write` fill a temporary folder beside `out`, and gives it the name `out` once all is written: an export is
 * there whole or not at all.
 *
 * @throws {ProbityError} `INVALID_INPUT` where `out` holds something already.
 */
export async function writeWhole<T>(out: string, write: (folder: string) => Promise<T>): Promise<T> {
  const target = resolve(out);
  const isThere = await requireEmpty(target);
  // Not mkdtemp, whose folders only their owner may read.
  const partial = join(dirname(target), `.${basename(target)}-${randomUUID()}`);
  await mkdir(partial, { recursive: true });
  try {
    const result = await write(partial);
    if (isThere) await rmdir(target); // empty, or this fails; Windows does not rename onto a folder
    await rename(partial, target);
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function requireEmpty(target: string): Promise<boolean> {
  const names = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    requireInput(error.code !== 'ENOTDIR', `Cannot export to "${target}": it is a file`);
    throw error;
  });
  requireInput(
    names === undefined || names.length === 0,
    `Cannot export to "${target}": it is not empty; name a folder that is empty or not there yet`,
  );
  return names !== undefined;
}
