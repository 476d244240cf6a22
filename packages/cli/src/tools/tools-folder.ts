import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: `src/tools` and `dist/tools` lie equally deep in it. */
export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');

/** Where fetched tools are kept: `.tools/` of the checkout, so that all homes share them, or where `PROBITY_TOOLS` says. */
export const toolsFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  resolve(environment['PROBITY_TOOLS'] ?? join(repositoryRoot, '.tools'));
