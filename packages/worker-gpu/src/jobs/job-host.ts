import { ProbityError } from '@probity/core/errors';
import type { JobProgress } from '@probity/core/schemas/campaign-state';
import { openStore } from '@probity/connections/open-store';
import { readSettings } from '@probity/connections/settings';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import type { JobContext } from './job-context.js';
import { runJob } from './run-job.js';
import type { JobFailure, JobMessage, JobOrder } from './job-messages.js';

/** The process that computes: one job at a time, asked over the channel to its worker. Without its worker it ends. */
const say = (message: JobMessage) => {
  if (process.connected) process.send!(message);
};

/** The worker's log is where this process writes to. */
const log = (sentence: string) => void process.stderr.write(`${sentence}\n`);

function toFailure(error: unknown): JobFailure {
  if (error instanceof ProbityError) return { code: error.code, message: error.message, details: error.details };
  if (error instanceof Error)
    return { message: error.message, details: {}, ...(error.stack && { stack: error.stack }) };
  return { message: String(error), details: {} };
}

process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0)); // whatever was being written is under a temporary key
process.on('SIGINT', () => undefined); // Ctrl-C reaches the whole group; the worker decides what ends when

const settings = readSettings();

async function open(): Promise<Pick<JobContext, 'store' | 'engine'>> {
  const [store, engine] = await Promise.all([
    openStore(settings.store),
    createOnnxEngine({ threads: settings.jobs.threads, ...settings.engine }),
  ]);
  log(`Engine ${engine.name}: ${engine.choice}`);
  return { store, engine };
}

let opened: ReturnType<typeof open> | undefined;

/** Opened once for all jobs; what failed to open is tried again by the next job. */
function context(): ReturnType<typeof open> {
  opened ??= open().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}
context().catch(() => undefined); // begun early; told to whoever asks for a job

process.on('message', ({ batchParts, ...job }: JobOrder) => {
  void (async () => {
    try {
      const { store, engine } = await context();
      const busyBefore = engine.busyMilliseconds;
      const report = (progress: JobProgress) => say({ type: 'progress', progress });
      const result = await runJob(job, { store, engine, report, log, batchParts });
      say({ type: 'result', result, busyMilliseconds: engine.busyMilliseconds - busyBefore });
    } catch (error) {
      say({ type: 'failure', failure: toFailure(error) });
    }
  })();
});
