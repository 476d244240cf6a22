import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tensorFlowFolderName } from '@probity/core/engines/tensorflow-installation';
import type { InstalledTensorFlow } from '../engine/tensorflow/tensorflow-library.js';
import { toolsOfTests } from './tools-of-tests.js';

const folder = join(toolsOfTests, tensorFlowFolderName('cpu'));

/** TensorFlow's library, where `probity engine install tensorflow` has run. */
export const installedTensorFlow: InstalledTensorFlow = { folder, device: 'cpu' };
export const hasTensorFlow = existsSync(folder);
if (!hasTensorFlow) process.stderr.write(`Skipped: tests that need TensorFlow; there is no "${folder}"\n`);
