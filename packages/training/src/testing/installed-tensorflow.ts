import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tensorFlowFolderName } from '@probity/core/engines/tensorflow-installation';
import type { InstalledLibrary } from '../engine/tensorflow/installed-library.js';

const checkout = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = join(resolve(process.env['PROBITY_TOOLS'] ?? join(checkout, '.tools')), tensorFlowFolderName('cpu'));

/** TensorFlow's library, where `probity engine install tensorflow` has run. */
export const installedTensorFlow: InstalledLibrary = { folder, device: 'cpu' };
export const hasTensorFlow = existsSync(folder);
if (!hasTensorFlow) process.stderr.write(`Skipped: tests that need TensorFlow; there is no "${folder}"\n`);
