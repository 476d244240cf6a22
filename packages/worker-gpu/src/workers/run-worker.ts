import { setTimeout as wait } from 'node:timers/promises';
import { ProbityError } from '@probity/core/errors';
import { readSettings, type Settings } from '@probity/connections/settings';
import { requireTemporalAddress } from '@probity/connections/connect-temporal';
import { NativeConnection, Runtime, DefaultLogger, Worker, type WorkerOptions } from '@temporalio/worker';

/** A worker that lost Temporal tries again after this long; nothing is lost meanwhile. */
const RECONNECT_MILLISECONDS = 2_000;

export type WorkerRole = Pick<
  WorkerOptions,
  'taskQueue' | 'activities' | 'workflowBundle' | 'maxConcurrentActivityTaskExecutions'
>;

type CreateRole = (
  settings: Settings,
  pause: Pause,
) => Promise<{ readonly role: WorkerRole; readonly close?: () => Promise<void> }>;

/** Has a worker take no steps until something is over; asked again meanwhile, it does nothing. */
export type Pause = (reason: string, until: (stopping: AbortSignal) => Promise<void>) => void;

/**
 * Serves one task queue until the process is asked to end. A worker whose Temporal is away waits for it and goes on:
 * an outage, however long, must not leave a campaign without workers in the morning.
 *
 * @param createRole A `ProbityError` that it throws is what the process ends with.
 */
export async function runWorker(createRole: CreateRole): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('INFO'), shutdownSignals: [] });
  const stopping = new AbortController();
  let worker: Worker | undefined;
  const shutDown = () => {
    if (worker?.getState() === 'RUNNING') worker.shutdown();
  };
  let pausing: Promise<void> | undefined;
  const pause: Pause = (reason, until) => {
    if (pausing) return;
    process.stderr.write(`This worker takes no steps for now: ${reason}\n`);
    pausing = until(stopping.signal);
    pausing.catch(() => undefined); // awaited below
    shutDown();
  };
  const made = await makeRole(createRole, pause);
  if (!made) return;
  const { settings, role, close } = made;
  const stop = () => {
    stopping.abort();
    shutDown();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  for (let first = true; !stopping.signal.aborted; first = false) {
    try {
      if (!first) await wait(RECONNECT_MILLISECONDS, undefined, { signal: stopping.signal });
      if (pausing) {
        await pausing;
        pausing = undefined;
        process.stderr.write('This worker takes steps again\n');
      }
      worker = await connect(settings, role);
      const running = worker.run();
      if (first) announce();
      await running;
    } catch (error) {
      if (stopping.signal.aborted) break;
      process.stderr.write(
        `Temporal is away: ${error instanceof Error ? error.message : String(error)}; trying again\n`,
      );
    }
  }
  await close?.();
}

/** Nothing where the worker cannot begin: who started it finds the reason at the end of its log. */
async function makeRole(createRole: CreateRole, pause: Pause) {
  try {
    const settings = readSettings();
    return { settings, ...(await createRole(settings, pause)) };
  } catch (error) {
    if (!(error instanceof ProbityError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

async function connect(settings: Settings, role: WorkerRole): Promise<Worker> {
  const connection = await NativeConnection.connect(requireTemporalAddress(settings));
  return Worker.create({
    connection,
    namespace: settings.temporal.namespace,
    ...role,
    // Left alone, heartbeats are held back for most of their timeout, and so are progress and cancellation.
    maxHeartbeatThrottleInterval: '2 seconds',
    // Both default to "at once" or "never": a job gets time to end, and a stuck one does not hold the process.
    shutdownGraceTime: '2 seconds',
    shutdownForceTime: '15 seconds',
  });
}

function announce(): void {
  process.stdout.write('ready\n');
  process.send?.('ready');
}
