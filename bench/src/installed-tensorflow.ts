import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toolsFolder } from '@probity/connections/tools-folder';
import { tensorFlowFolderName, tensorFlowInstallCommand } from '@probity/core/engines/tensorflow-installation';

/** The folder of TensorFlow for processors; where there is none, says which bench goes without it. */
export function installedTensorFlow(bench: string): string | undefined {
  const folder = join(toolsFolder(process.env), tensorFlowFolderName('cpu'));
  if (existsSync(folder)) return folder;
  const advice = `"${tensorFlowInstallCommand('cpu')}" makes it`;
  process.stderr.write(`${bench}: nothing of the TensorFlow engine: there is no "${folder}"; ${advice}\n`);
  return undefined;
}
