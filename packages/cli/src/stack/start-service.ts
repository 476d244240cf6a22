import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { StackService } from '@probity/connections/stack-file';
import { ProbityError } from '@probity/core/errors';
import { isRunning, processFingerprint } from './process-fingerprint.js';
import { isReady, readLog } from './service-readiness.js';
import type { Launch, StackServiceDefinition } from './stack-services.js';
import { endProcess } from './stop-service.js';

const POLL_MILLISECONDS = 100;
const READY_SECONDS_MAX = 90;
/** A log larger than this is set aside at the next start; one earlier log is kept. */
const LOG_BYTES_MAX = 20_000_000;

export interface StartOptions {
  readonly home: string;
  /** What the process sees besides this process's own environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Called as soon as the process runs, so that it is known even if this process ends before it is up. */
  readonly onSpawned: (service: StackService) => void;
}

/**
 * Starts a service as a process of its own, which outlives this one, and waits until it is up.
 *
 * @throws {ProbityError} `STACK_DOWN` with the end of its log if it ends or is not up in time; nothing is left running then
 */
export async function startService(
  definition: StackServiceDefinition,
  launch: Launch,
  options: StartOptions,
): Promise<StackService> {
  requireProgram(definition);
  const logFile = await openLogPath(options.home, definition.name);
  const logStart = await stat(logFile).then(
    ({ size }) => size,
    () => 0,
  );
  const pid = await spawnDetached(launch, logFile, {
    ...options.environment,
    PROBITY_HOME: options.home,
    ...launch.environment,
  });
  const fingerprint = await processFingerprint(pid);
  const starting = { address: launch.address, logFile, logStart };
  if (fingerprint === undefined) throw await failed(definition, 'it ended at once', starting);
  const service: StackService = {
    name: definition.name,
    pid,
    fingerprint,
    startedAt: new Date().toISOString(),
    logFile,
    ready: false,
    ...(launch.address !== undefined && { address: launch.address }),
  };
  options.onSpawned(service);
  const deadline = Date.now() + READY_SECONDS_MAX * 1000;
  while (!(await isReady(definition, starting))) {
    if (!(await isRunning(service))) throw await failed(definition, 'it ended before it was up', starting);
    if (Date.now() > deadline) {
      await endProcess(service);
      throw await failed(definition, `it was not up after ${READY_SECONDS_MAX} s`, starting);
    }
    await wait(POLL_MILLISECONDS);
  }
  // Another server may have answered at the address while this one failed to get it.
  if (!(await isRunning(service))) throw await failed(definition, 'it ended before it was up', starting);
  return { ...service, ready: true };
}

function requireProgram({ title, program }: StackServiceDefinition): void {
  if (program === undefined || existsSync(program)) return;
  throw new ProbityError('STACK_DOWN', `Cannot start "${title}": "${program}" is not there; run "npm run build"`, {
    details: { program },
  });
}

async function openLogPath(home: string, name: string): Promise<string> {
  const folder = join(home, 'logs');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.log`);
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (bytes > LOG_BYTES_MAX) await rename(path, join(folder, `${name}.earlier.log`));
  return path;
}

function spawnDetached({ command, args }: Launch, logFile: string, env: NodeJS.ProcessEnv): Promise<number> {
  const log = openSync(logFile, 'a');
  return new Promise<number>((resolve, reject) => {
    // In a group of its own, so that Ctrl-C in this terminal does not reach it; its jobs are in that group too.
    const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], env });
    child.once('error', (cause) =>
      reject(new ProbityError('STACK_DOWN', `Cannot start "${command}": ${cause.message}`, { cause })),
    );
    child.once('spawn', () => {
      child.unref();
      resolve(child.pid!);
    });
  }).finally(() => closeSync(log));
}

async function failed(
  definition: StackServiceDefinition,
  state: string,
  { logFile, logStart }: { logFile: string; logStart: number },
): Promise<ProbityError> {
  const log = await readLog(logFile, logStart, 4_000).catch(() => '');
  const lines = log
    .trim()
    .split('\n')
    .slice(-8)
    .map((line) => `  ${line}`);
  const message = `Cannot start "${definition.title}": ${state}; the end of "${logFile}":\n${lines.join('\n')}`;
  return new ProbityError('STACK_DOWN', message, { details: { service: definition.name, logFile } });
}
