import { mkdir } from 'node:fs/promises';
import { isCode } from './directory-errors.js';

/** Makes something in a folder, and the folder first where it is missing: it hardly ever is, so nobody looks beforehand. */
export async function withFolder<Result>(folder: string, make: () => Promise<Result>): Promise<Result> {
  try {
    return await make();
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    await mkdir(folder, { recursive: true });
    return make();
  }
}
