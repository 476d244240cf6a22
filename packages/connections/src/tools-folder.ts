import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: `src` and `dist` lie equally deep in it. */
export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Where what is fetched is kept: `.tools/` of the checkout, so that all homes share it, or where `PROBITY_TOOLS` says. */
export function toolsFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const named = environment['PROBITY_TOOLS'] ?? '';
  return resolve(named === '' ? join(repositoryRoot, '.tools') : named);
}
