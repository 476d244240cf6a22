import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openStore } from '@probity/connections/open-store';
import type { EngineSettings, Settings } from '@probity/connections/settings';
import { readStackFile } from '@probity/connections/stack-file';
import { findTool } from '../tools/find-tool.js';
import { compareVersions } from '../tools/probe-tool.js';
import { runCommand } from '../tools/run-command.js';
import { repositoryRoot } from '../tools/tools-folder.js';
import { fault, ok, reasonOf, warning, type Finding } from './finding.js';
import { isFree } from './free-ports.js';
import { readStack } from './read-stack.js';

const NODE_VERSION_MIN = [20, 3];
const GIGABYTE = 1e9;
const DISK_BYTES_LOW = 5 * GIGABYTE;
const DISK_BYTES_MIN = 0.5 * GIGABYTE;

export function checkNode(version = process.versions.node): Finding {
  const fits = compareVersions(version, NODE_VERSION_MIN) >= 0;
  if (fits) return ok('Node', `version ${version}`);
  return fault('Node', `version ${version} is older than ${NODE_VERSION_MIN.join('.')}`, 'Install Node 20, 22 or 24');
}

export async function checkTemporalTool(environment: NodeJS.ProcessEnv): Promise<Finding> {
  try {
    const { path, version, origin } = await findTool('temporal', { environment, fetch: false });
    return ok('Temporal program', `version ${version} at "${path}" (${origin})`);
  } catch (error) {
    const set = (environment['PROBITY_TEMPORAL_CLI'] ?? '') !== '';
    if (set) return fault('Temporal program', reasonOf(error), 'Mend or unset PROBITY_TEMPORAL_CLI');
    return warning('Temporal program', 'not on this machine', '"probity up" fetches it; or put it on the PATH');
  }
}

/** Writes, reads and removes an artifact of its own. */
export async function checkStore({ store }: Settings): Promise<Finding> {
  const place = store.kind === 'directory' ? store.directory : `${store.endpoint}/${store.bucket}`;
  try {
    const opened = await openStore(store);
    const bytes = Buffer.from(randomUUID());
    const ref = await opened.put(`doctor/${randomUUID()}.txt`, bytes);
    const read = await opened.get(ref);
    await opened.delete(ref.key);
    if (Buffer.compare(read, bytes) !== 0)
      return fault('Store', `"${place}" gives other bytes than it took`, 'Use another store');
    return ok('Store', `"${place}" takes, gives and removes artifacts`);
  } catch (error) {
    return fault(
      'Store',
      reasonOf(error),
      'Check the PROBITY_STORE and PROBITY_S3 settings, the rights and the server',
    );
  }
}

export async function checkDisk({ home, store }: Settings): Promise<Finding[]> {
  const folders = new Map([['Disk of the home', home]]);
  if (store.kind === 'directory' && !store.directory.startsWith(join(home, '/')))
    folders.set('Disk of the store', store.directory);
  return Promise.all([...folders].map(([check, folder]) => checkDiskOf(check, folder)));
}

async function checkDiskOf(check: string, folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearestExisting(folder));
  const free = bavail * bsize;
  const message = `${(free / GIGABYTE).toFixed(1)} GB are free at "${folder}"`;
  if (free < DISK_BYTES_MIN) return fault(check, message, 'Make room');
  return free < DISK_BYTES_LOW ? warning(check, message, 'A campaign may need more; make room') : ok(check, message);
}

const nearestExisting = (folder: string): string => (existsSync(folder) ? folder : nearestExisting(dirname(folder)));

/** Ports that the stack had and another program has now; servers take other ones then. */
export async function checkPorts(home: string): Promise<Finding> {
  const kept = Object.entries(readStackFile(home)?.ports ?? {});
  const running = (await readStack(home)).filter(({ state }) => state === 'running').map(({ name }) => name);
  const idle = kept.filter(([name]) => !running.some((service) => name === service || name.startsWith(`${service}-`)));
  const taken: string[] = [];
  for (const [name, port] of idle) if (!(await isFree(port, '127.0.0.1'))) taken.push(`${port} (${name})`);
  if (taken.length === 0)
    return ok(
      'Ports',
      kept.length === 0 ? 'chosen at the first start' : kept.map(([name, port]) => `${name} ${port}`).join(', '),
    );
  return warning(
    'Ports',
    `another program holds ${taken.join(', ')}`,
    '"probity up" takes other ports; addresses change',
  );
}

/** Makes the engine as a job does, self-test included, and prints what was chosen as JSON. */
const ENGINE_SCRIPT = `
  try {
    const { createOnnxEngine } = await import(process.argv[1]);
    const { name, choice, warning } = await createOnnxEngine({ threads: 1, ...JSON.parse(process.argv[2]) });
    console.log(JSON.stringify({ name, choice, warning }));
  } catch (error) {
    console.log('Error: ' + error.message);
    process.exitCode = 1;
  }`;

/** In a process of its own, since a native library that does not fit may take its process down. */
export async function checkEngine(settings: EngineSettings): Promise<Finding> {
  const module = pathToFileURL(join(repositoryRoot, 'packages/training/dist/engine/onnx/onnx-engine.js')).href;
  const args = ['--input-type=module', '-e', ENGINE_SCRIPT, module, JSON.stringify(settings)];
  const { status, output, lastLine } = await runCommand(process.execPath, args, { timeoutSeconds: 120 });
  if (status === 0) return engineFinding(JSON.parse(lastLine) as MadeEngine);
  const reason = output.split('\n').find((line) => /Error/.test(line)) ?? lastLine;
  return fault(
    'Engine',
    `cannot be made: ${reason.trim()}`,
    'Run "npm ci"; the platform must be one that onnxruntime supports',
  );
}

interface MadeEngine {
  readonly name: string;
  readonly choice: string;
  readonly warning?: string;
}

export function engineFinding({ name, choice, warning: complaint }: MadeEngine): Finding {
  const made = `${name}, ${choice}`;
  if (complaint === undefined) return ok('Engine', made);
  return warning('Engine', `${made}: ${complaint}`, 'Numbers are right. Report it with the versions that stand here');
}
