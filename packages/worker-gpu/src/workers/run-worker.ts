import { readSettings, type Settings } from '@probity/connections/settings';
import { requireTemporalAddress } from '@probity/connections/connect-temporal';
import { NativeConnection, Runtime, DefaultLogger, Worker, type WorkerOptions } from '@temporalio/worker';

/** A worker that lost Temporal tries again after this long; nothing is lost meanwhile. */
const RECONNECT_MILLISECONDS = 2_000;

export type WorkerRole = Pick<
  WorkerOptions,
  'taskQueue' | 'activities' | 'workflowBundle' | 'maxConcurrentActivityTaskExecutions'
>;

/**
 * Serves one task queue until the process is asked to end. A worker whose Temporal is away waits for it and goes on:
 * an outage, however long, must not leave a campaign without workers in the morning.
 */
export async function runWorker(
  createRole: (settings: Settings) => Promise<{ role: WorkerRole; close?: () => Promise<void> }>,
): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('INFO'), shutdownSignals: [] });
  const settings = readSettings();
  const { role, close } = await createRole(settings);
  let stopping = false;
  let worker: Worker | undefined;
  const stop = () => {
    stopping = true;
    if (worker?.getState() === 'RUNNING') worker.shutdown();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  for (let first = true; !stopping; first = false) {
    if (!first) await new Promise((resolve) => setTimeout(resolve, RECONNECT_MILLISECONDS));
    try {
      worker = await connect(settings, role);
      const running = worker.run();
      if (first) announce();
      await running;
    } catch (error) {
      if (stopping) break;
      process.stderr.write(
        `Temporal is away: ${error instanceof Error ? error.message : String(error)}; trying again\n`,
      );
    }
  }
  await close?.();
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
