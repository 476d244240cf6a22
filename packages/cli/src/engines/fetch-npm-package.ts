import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FetchFailure, requireCommand } from '../tools/fetch-failure.js';

/** A package of npm, fetched by npm from wherever it is set up to look. */
export interface NpmPackage {
  /** `name@version` */
  readonly name: string;
  /** `sha512-…` of the tarball, in base64; no other is taken. */
  readonly integrity: string;
}

/**
 * Downloads a package and unpacks it into a new folder of `work`; no script of the package runs.
 *
 * @returns The folder of its files.
 * @throws {FetchFailure}
 */
export async function fetchNpmPackage(
  { name, integrity }: NpmPackage,
  { work, env }: { work: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  const folder = await mkdtemp(join(work, 'npm-'));
  await requireCommand('npm', ['pack', name, '--ignore-scripts', '--silent', '--pack-destination', folder], env);
  const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new FetchFailure('npm left no package');
  await requireIntegrity(join(folder, tarball), integrity);
  const content = join(folder, 'content');
  await mkdir(content);
  await requireCommand('tar', ['-xzf', join(folder, tarball), '-C', content, '--strip-components=1'], env);
  return content;
}

/** @param integrity As in a lock file of npm: `sha512-…`. @throws {FetchFailure} */
export async function requireIntegrity(path: string, integrity: string): Promise<void> {
  const hash = createHash('sha512').update(await readFile(path));
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== integrity) throw new FetchFailure(`what came has the digest ${found}, not the pinned ${integrity}`);
}
