import { ProbityError } from '@probity/core/errors';
import type { JobProgress } from '@probity/core/schemas/campaign-state';
import { openStore } from '@probity/connections/open-store';
import { readSettings } from '@probity/connections/settings';
import type { Engine } from '@probity/training/engine/engine';
import { createOnnxEngine } from '@probity/training/engine/onnx/onnx-engine';
import { chooseTrainingEngine } from '@probity/training/engine/training-engine';
import { keepTraining } from '@probity/training/kept-training';
import type { JobContext } from './job-context.js';
import { runJob } from './run-job.js';
import type { ChosenForJobs, HostOrder, JobFailure, JobMessage } from './job-messages.js';

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
/** What the worker chose; a host that is started alone chooses for itself. */
const given = process.argv[2];
const {
  slots,
  threads,
  engine: wanted,
  measured,
}: ChosenForJobs = given ? (JSON.parse(given) as ChosenForJobs) : { ...settings, ...settings.jobs };

interface Engines extends Pick<JobContext, 'engine' | 'trainingEngine'> {
  readonly busyMilliseconds: () => number;
}

/** Calls `make` once, and again after it failed. */
function kept<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

const store = kept(() => openStore(settings.store));

/** Made once for all jobs; what failed is tried again by the next job. */
const engines = kept(async (): Promise<Engines> => {
  const { device, layout, training } = wanted;
  const { tools } = settings;
  const engine = await createOnnxEngine({ threads, device, layout, tools });
  log(`Engine ${engine.name}: ${engine.choice}`);
  if (engine.warning !== undefined) log(`Engine ${engine.name}: ${engine.warning}`);
  const made = new Set<Engine>([engine]);
  const trainingEngine = kept(async () => {
    const chosen = await chooseTrainingEngine({ wanted: training, tools, threads, onnx: engine, measured });
    log(`Engine ${chosen.engine.name} trains: ${chosen.reason}`);
    made.add(chosen.engine);
    return chosen;
  });
  const busyMilliseconds = () => [...made].reduce((sum, each) => sum + each.busyMilliseconds, 0);
  return { engine, trainingEngine, busyMilliseconds };
});
for (const begun of [store(), engines()]) begun.catch(() => undefined); // begun early; told to whoever asks for a job

const keptTraining = keepTraining();
const report = (progress: JobProgress) => say({ type: 'progress', progress });

process.on('message', (order: HostOrder) => {
  void (async () => {
    try {
      const { busyMilliseconds, ...made } = await engines();
      const busyBefore = busyMilliseconds();
      const obey = async () => {
        if (order.kind === 'make-engines') return void (await made.trainingEngine());
        const { batchParts, ...job } = order;
        const allThreads = slots * threads;
        return runJob(job, { ...made, store: await store(), report, log, batchParts, allThreads, keptTraining });
      };
      const result = await obey();
      say({ type: 'result', result, busyMilliseconds: busyMilliseconds() - busyBefore });
    } catch (error) {
      say({ type: 'failure', failure: toFailure(error) });
    }
  })();
});
