import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStackFile, type StackFile, type StackService } from '@probity/connections/stack-file';
import { readSettings } from '@probity/connections/settings';
import { ProbityError } from '@probity/core/errors';
import { findTool } from '../tools/find-tool.js';
import { withFileLock } from './file-lock.js';
import { freePorts } from './free-ports.js';
import { readStack } from './read-stack.js';
import { STACK_SERVICES, temporalService, type StackServiceDefinition } from './stack-services.js';
import { startService } from './start-service.js';
import { endProcess } from './stop-service.js';
import { changeStackFile, withService, withoutService } from './write-stack-file.js';

const LOOPBACK = '127.0.0.1';
/** A port that was free may be taken by another program before its server opens it. */
const START_ATTEMPTS_MAX = 3;

export interface StartStackOptions {
  /** Absolute path. */
  readonly home: string;
  /** What to start, in order; the whole stack by default. */
  readonly services?: readonly StackServiceDefinition[];
  /** Where services listen; the loopback by default, so that nothing is open to the network. */
  readonly host?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Called with a line for each thing begun. */
  readonly onProgress?: (line: string) => void;
}

/** The lock of everything that changes the stack of a home. */
export const stackLock = (home: string): string => join(home, 'stack.lock');
/** One machine-wide lock from choosing ports until they are open, so that two stacks never choose the same. */
const portLock = join(tmpdir(), 'probity-ports.lock');

/**
 * Starts what does not run yet of the embedded stack and leaves the rest alone. Ports are kept from one start to the
 * next, so that what runs still finds what was restarted. With `TEMPORAL_*` settings no Temporal is started.
 *
 * @throws {ProbityError} `STACK_DOWN` for a service that does not come up, `TOOL_MISSING`, `INVALID_INPUT` for settings
 */
export async function startStack(options: StartStackOptions): Promise<StackFile> {
  const { home } = options;
  const environment = options.environment ?? process.env;
  const usesCluster = readSettings({ ...environment, PROBITY_HOME: home }).temporal.source === 'cluster';
  const wanted = (options.services ?? STACK_SERVICES).filter(
    ({ name }) => !(usesCluster && name === temporalService.name),
  );
  return withFileLock(stackLock(home), async () => {
    const ensure = (definition: StackServiceDefinition) => ensureService(definition, { ...options, environment });
    // Temporal first, since the others look for it; those side by side.
    for (const definition of wanted.filter(isTemporal)) await ensure(definition);
    await allOrFirstFailure(wanted.filter((definition) => !isTemporal(definition)).map(ensure));
    return changeStackFile(home, (stack) => stack);
  });
}

const isTemporal = ({ name }: { readonly name: string }): boolean => name === temporalService.name;

/** Waits for all even if one fails, so that nothing is under way when the lock is given back. */
async function allOrFirstFailure(started: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(started);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

type EnsureOptions = StartStackOptions & { readonly environment: NodeJS.ProcessEnv };

async function ensureService(definition: StackServiceDefinition, options: EnsureOptions): Promise<void> {
  const { home, onProgress = () => {} } = options;
  const present = (await readStack(home)).find(({ name }) => name === definition.name);
  if (present?.state === 'running' && present.ready) return;
  // Whoever started it ended before it was up: what it waits for is unknown.
  if (present?.state === 'running') await endProcess(present);
  onProgress(
    present === undefined ? `Starting ${definition.title} …` : `${definition.title} had ended; starting it again …`,
  );
  const temporalCli =
    definition.name === temporalService.name
      ? (await findTool('temporal', { environment: options.environment, onProgress })).path
      : '';
  const start = () => startOnFreePorts(definition, temporalCli, options);
  const service = await (definition.ports.length > 0 ? withFileLock(portLock, start) : start());
  changeStackFile(home, (stack) => withService(stack, service));
  if (
    definition.name === temporalService.name &&
    present?.address !== undefined &&
    present.address !== service.address
  ) {
    await endOthers(options, 'Temporal has another address now');
  }
}

async function startOnFreePorts(
  definition: StackServiceDefinition,
  temporalCli: string,
  options: EnsureOptions,
): Promise<StackService> {
  const { home, host = LOOPBACK, environment } = options;
  for (let attempt = 1; ; attempt++) {
    const former = attempt === 1 ? (readStackFile(home)?.ports ?? {}) : {};
    const ports = await freePorts(definition.ports, { host, former });
    const launch = definition.launch({ home, host, ports, temporalCli });
    try {
      const onSpawned = (service: StackService): void => {
        changeStackFile(home, (stack) => withService(stack, service));
      };
      const service = await startService(definition, launch, { home, environment, onSpawned });
      changeStackFile(home, (stack) => ({ ...stack, ports: { ...stack.ports, ...ports } }));
      return service;
    } catch (error) {
      const portTaken = error instanceof ProbityError && /address already in use|EADDRINUSE/.test(error.message);
      if (!portTaken || attempt === START_ATTEMPTS_MAX) throw error;
    }
  }
}

/** Workers that run still would look for Temporal at its former address for ever. */
async function endOthers({ home, onProgress = () => {} }: EnsureOptions, reason: string): Promise<void> {
  for (const service of await readStack(home)) {
    if (service.name === temporalService.name || service.state === 'dead') continue;
    onProgress(`Ending ${service.name}: ${reason} …`);
    await endProcess(service);
    changeStackFile(home, (stack) => withoutService(stack, service.name));
  }
}
