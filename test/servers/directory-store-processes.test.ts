import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryArtifactStore } from '@probity/connections/store/directory-artifact-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-store-processes-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process of its own on the built package, as workers are. */
function run(script: string, ...args: string[]): ChildProcess {
  const opened = `
    import { DirectoryArtifactStore } from '@probity/connections/store/directory-artifact-store';
    const store = await DirectoryArtifactStore.open(process.argv[1]);
    const argument = process.argv[2];
    ${script}`;
  return spawn(process.execPath, ['--input-type=module', '-e', opened, folder, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function keys(store: DirectoryArtifactStore): Promise<string[]> {
  const found: string[] = [];
  for await (const key of store.list('')) found.push(key);
  return found;
}

describe('DirectoryArtifactStore between processes', () => {
  it('gives each key to exactly one of several writers', async () => {
    const keyCount = 40;
    const script = `
      let won = 0;
      for (let i = 0; i < ${keyCount}; i++) {
        try { await store.put('race/' + i, Buffer.from(argument.repeat(5000))); won++; }
        catch (error) { if (error.code !== 'ARTIFACT_EXISTS') throw error; }
      }
      console.log(won);`;
    const outputs = await Promise.all(['a', 'b', 'c'].map((letter) => output(run(script, letter))));
    expect(outputs.reduce((sum, text) => sum + Number(text), 0)).toBe(keyCount);
    const store = await DirectoryArtifactStore.open(folder);
    for (const key of await keys(store)) await store.get((await store.find(key))!);
    expect(await readdir(join(folder, 'writing'))).toEqual([]);
  });

  it('holds only whole keys after a writer was killed in the middle of its work, and forgets the rest of it', async () => {
    const script = `
      const bytes = new Uint8Array(8_000_000);
      for (let i = 0; ; i++) { bytes.fill(i); await store.put('torn/' + i, bytes); if (i === 2) console.log('under way'); }`;
    const writer = run(script);
    await once(writer.stdout!, 'data');
    writer.kill('SIGKILL');
    await once(writer, 'exit');

    const store = await DirectoryArtifactStore.open(folder);
    const whole = await keys(store);
    expect(whole.length).toBeGreaterThanOrEqual(3);
    for (const key of whole) expect(await store.get((await store.find(key))!)).toHaveLength(8_000_000);
    // Its notes are made old, since a writer of this very moment might be in another container.
    const writing = join(folder, 'writing');
    for (const note of await readdir(writing)) await utimes(join(writing, note), 0, 0);
    await DirectoryArtifactStore.open(folder);
    expect(await readdir(writing)).toEqual([]);
    const files = (await readdir(join(folder, 'bytes'), { withFileTypes: true, recursive: true })).filter((entry) =>
      entry.isFile(),
    );
    expect(files).toHaveLength(whole.length);
  });
});

async function output(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  expect(status).toBe(0);
  return text.trim();
}
