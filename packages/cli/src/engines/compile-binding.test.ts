import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileBinding, nodeHeaders } from './compile-binding.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-binding-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('compileBinding()', () => {
  it('says what the compiler complains of first', async () => {
    await mkdir(join(folder, 'binding'));
    await writeFile(join(folder, 'binding/tfjs_backend.cc'), '#include "tensorflow/c/c_api.h"\n');
    await writeFile(join(folder, 'binding/tfjs_binding.cc'), '');
    const tried = compileBinding({ sources: folder, headers: folder, folder }, process.env);
    await expect(tried).rejects.toThrow(/c_api\.h|ENOENT/); // without a compiler: that there is none
  });
});

describe('nodeHeaders()', () => {
  it('takes the headers beside the program that runs', async () => {
    await mkdir(join(folder, 'bin'));
    await mkdir(join(folder, 'include/node'), { recursive: true });
    await writeFile(join(folder, 'bin/node'), '');
    await writeFile(join(folder, 'include/node/node_api.h'), '');
    expect(nodeHeaders(join(folder, 'bin/node'))).toBe(join(folder, 'include/node'));
  });
});
