import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRandom } from '@probity/core/numerics/random';
import { encodeGreyPng } from '../images/encode-png.js';

export interface TestFolder {
  readonly path: string;
  put(file: string, content: Uint8Array | string): Promise<void>;
  remove(): Promise<void>;
}

export async function createTestFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'probity-import-'));
  return {
    path,
    put: async (file, content) => {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), content);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** A grey picture that no other seed repeats. */
export const picture = (seed: string | number, { width, height } = { width: 8, height: 6 }): Promise<Uint8Array> => {
  const random = createRandom('picture', seed);
  return encodeGreyPng(
    Uint8Array.from({ length: width * height }, () => random.integer(256)),
    { width, height },
  );
};

/** A mask whose pixels take the values given in turn. */
export const maskOf = (values: readonly number[], { width, height } = { width: 8, height: 6 }): Promise<Uint8Array> =>
  encodeGreyPng(
    Uint8Array.from({ length: width * height }, (_, i) => values[i % values.length]!),
    { width, height },
  );
