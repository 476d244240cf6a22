import { runCommand } from './run-command.js';
import type { Tool } from './tool-table.js';

export type Probe = { readonly path: string; readonly version: string } | { readonly refused: string };

/** Runs the tool for its version: that it is there says nothing, that it starts says what matters. */
export async function probeTool(tool: Tool, path: string): Promise<Probe> {
  const { status, output, lastLine } = await runCommand(path, tool.versionArguments, { timeoutSeconds: 60 });
  if (status !== 0) return { refused: lastLine === '' ? `it ended with ${status}` : lastLine };
  const version = tool.version.exec(output)?.[1];
  if (version === undefined) return { refused: `it does not say its version: "${lastLine}"` };
  if (tool.versionMin !== undefined && compareVersions(version, tool.versionMin) < 0) {
    return { refused: `version ${version} is older than ${tool.versionMin.join('.')}` };
  }
  if (tool.versionBelow !== undefined && compareVersions(version, tool.versionBelow) >= 0) {
    return { refused: `version ${version} is not below ${tool.versionBelow.join('.')}` };
  }
  return { path, version };
}

/** Below zero where `version` is older. What is not a number counts as 0. */
export function compareVersions(version: string, limit: readonly number[]): number {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  for (const [i, wanted] of limit.entries()) {
    const difference = (numbers[i] ?? 0) - wanted;
    if (difference !== 0) return difference;
  }
  return 0;
}
