import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where tests look for what was installed: as the processes do. */
export const toolsOfTests = resolve(process.env['PROBITY_TOOLS'] ?? join(checkout, '.tools'));
