import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProbityError } from '@probity/core/errors';
import { z } from 'zod';

/** One process of the embedded stack. */
export const stackServiceSchema = z.object({
  name: z.string().min(1),
  pid: z.int().min(1),
  /** What tells this process from a later one that was given the same pid. */
  fingerprint: z.string().min(1),
  startedAt: z.iso.datetime(),
  logFile: z.string().min(1),
  /** Where it listens, if it does: `host:port`. */
  address: z.string().min(1).optional(),
  /** `false` until it was seen to be up. */
  ready: z.boolean(),
});
export type StackService = z.infer<typeof stackServiceSchema>;

/** `<home>/stack.json`: what `probity up` started, read by every process that needs an address. */
export const stackFileSchema = z.object({
  schemaVersion: z.literal(1),
  /** Kept over a `down`, so that workers and bookmarks find the servers again. */
  ports: z.record(z.string(), z.int().min(1).max(65_535)),
  services: z.array(stackServiceSchema),
});
export type StackFile = z.infer<typeof stackFileSchema>;

export const stackFilePath = (home: string): string => join(home, 'stack.json');

/** The embedded stack of a home, or `undefined` where none was ever started. @throws {ProbityError} `INVALID_INPUT` if the file is damaged */
export function readStackFile(home: string): StackFile | undefined {
  const path = stackFilePath(home);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ProbityError('INVALID_INPUT', `Cannot read the stack file "${path}": ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    return stackFileSchema.parse(JSON.parse(text));
  } catch (error) {
    const state = 'it is damaged or of another version; stop its processes, remove it and run "probity up"';
    throw new ProbityError('INVALID_INPUT', `Cannot read the stack file "${path}": ${state}`, { cause: error });
  }
}
