import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hasCode, ProbityError } from '@probity/core/errors';
import type { JobProgress } from '@probity/core/schemas/campaign-state';
import type { ChosenForJobs, HostOrder, JobMessage, JobRequest } from './job-messages.js';
import { countMemoryKills, enginesNotMade, jobKilled, wasShortOfMemory, type Exit } from './process-end.js';

/** A cancelled job is asked first; what has not ended by then is killed. A step of training takes less. */
const KILL_AFTER_MILLISECONDS = 5_000;

/** A process is replaced after this many jobs, so that no leak of a native library grows for ever. */
const JOBS_PER_PROCESS = 200;

export interface JobOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

export interface JobOutcome {
  readonly result: unknown;
  readonly busyMilliseconds: number;
}

/** Runs each job in a child process: native calls hold a thread's event loop, and only a process can be killed safely. */
export interface JobProcesses {
  /**
   * @throws {ProbityError} What the job threw; `JOB_KILLED` when its process ended without an answer. With an aborted
   *   signal: the signal's reason, once the process has ended.
   */
  run(request: JobRequest, options: JobOptions): Promise<JobOutcome>;
  /**
   * Has a process make its engines and keeps it for the next job. It is ended where the signal aborts.
   *
   * @throws {ProbityError} `ENGINE_UNAVAILABLE` where jobs would find none, also where the process ended over it.
   */
  makeEngines(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

interface Host {
  readonly child: ChildProcess;
  jobsDone: number;
}

export interface JobProcessOptions {
  /** The job host, unless a test has its own. */
  readonly program?: string;
  /** What the worker chose at its start; its jobs keep to it, whatever is measured meanwhile. */
  readonly chosen?: ChosenForJobs;
  readonly killAfterMilliseconds?: number;
  /** Processes that the kernel has killed for lack of memory so far. */
  readonly countMemoryKills?: () => Promise<number | undefined>;
}

/** Processes are kept between jobs: starting one loads the libraries and costs about a second. */
export function createJobProcesses({
  program = fileURLToPath(new URL('./job-host.js', import.meta.url)),
  chosen,
  killAfterMilliseconds = KILL_AFTER_MILLISECONDS,
  countMemoryKills: countKills = countMemoryKills,
}: JobProcessOptions = {}): JobProcesses {
  const idle: Host[] = [];
  const all = new Set<ChildProcess>();
  /** Of jobs that the machine's memory did not hold: into how many parts the next attempt cuts its batches. */
  const partsOf = new Map<string, number>();

  const start = (): Host => {
    const child = fork(program, chosen ? [JSON.stringify(chosen)] : [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    all.add(child);
    child.once('exit', () => {
      all.delete(child);
      const place = idle.findIndex((host) => host.child === child);
      if (place >= 0) idle.splice(place, 1);
    });
    return { child, jobsDone: 0 };
  };

  const ask = async (order: HostOrder, options: RunOptions): Promise<JobOutcome> => {
    const host = idle.pop() ?? start();
    let isSpent = false;
    try {
      return await runOn(host.child, order, options);
    } catch (error) {
      // A device that was lost or not there comes to a new process only: libraries ask once.
      isSpent = hasCode(error, 'DEVICE_LOST', 'ENGINE_UNAVAILABLE');
      if (hasCode(error, 'DEVICE_LOST')) idle.splice(0).forEach(retire); // theirs is the same
      throw error;
    } finally {
      host.jobsDone++;
      if (isSpent || host.jobsDone >= JOBS_PER_PROCESS) retire(host);
      else if (isUp(host.child) && !options.signal.aborted) idle.push(host);
    }
  };

  return {
    run: async (request, options) => {
      const job = JSON.stringify(request);
      const batchParts = partsOf.get(job) ?? 1;
      const killsBefore = await countKills();
      const describeEnd = async (end: Exit) => {
        const kills = await countKills();
        const memoryKills = kills === undefined || killsBefore === undefined ? undefined : kills - killsBefore;
        const known = { ...end, memoryKills };
        if (wasShortOfMemory(known)) partsOf.set(job, 2 * batchParts);
        return jobKilled(request.kind, { end: known, batchParts: partsOf.get(job) ?? 1 });
      };
      options.signal.throwIfAborted(); // with nothing awaited from here on: an abort that has happened calls nobody
      const outcome = await ask({ ...request, batchParts }, { ...options, killAfterMilliseconds, describeEnd });
      partsOf.delete(job);
      return outcome;
    },
    makeEngines: async (signal = new AbortController().signal) => {
      const order = { kind: 'make-engines' } as const;
      const describeEnd = (end: Exit) => Promise.resolve(enginesNotMade(end));
      await ask(order, { signal, onProgress: () => undefined, killAfterMilliseconds, describeEnd });
    },
    close: async () => {
      await Promise.all([...all].map((child) => end(child, killAfterMilliseconds)));
    },
  };
}

/** Without its channel a process ends by itself. */
function retire({ child }: Host): void {
  if (isUp(child)) child.disconnect();
}

/** A process that ended may keep its channel for a moment. */
const isUp = ({ connected, exitCode, signalCode }: ChildProcess): boolean =>
  connected && exitCode === null && signalCode === null;

interface RunOptions extends JobOptions {
  readonly killAfterMilliseconds: number;
  /** What a process that ended before it answered is to be reported as. */
  readonly describeEnd: (end: Exit) => Promise<Error>;
}

async function runOn(
  child: ChildProcess,
  order: HostOrder,
  { signal, onProgress, killAfterMilliseconds, describeEnd }: RunOptions,
): Promise<JobOutcome> {
  const cleanUp: (() => void)[] = [];
  try {
    return await new Promise<JobOutcome>((resolve, reject) => {
      const onMessage = (message: JobMessage) => {
        if (message.type === 'progress') onProgress(message.progress);
        if (message.type === 'result') resolve(message);
        if (message.type === 'failure') reject(toError(message));
      };
      const onExit = (code: number | null, killedBy: string | null) => {
        if (signal.aborted) return reject(signal.reason as Error);
        describeEnd({ code, killedBy }).then(reject, reject);
      };
      const onError = (error: Error) =>
        reject(
          new ProbityError('JOB_KILLED', `Cannot reach the process of a ${order.kind} job: ${error.message}`, {
            cause: error,
          }),
        );
      const onAbort = () => void end(child, killAfterMilliseconds); // `onExit` says the rest
      child.on('message', onMessage).on('exit', onExit).on('error', onError);
      signal.addEventListener('abort', onAbort, { once: true });
      cleanUp.push(
        () => child.off('message', onMessage).off('exit', onExit).off('error', onError),
        () => signal.removeEventListener('abort', onAbort),
      );
      child.send(order, (error) => error && onError(error));
    });
  } finally {
    for (const undo of cleanUp) undo();
  }
}

function toError({ failure }: Extract<JobMessage, { type: 'failure' }>): Error {
  const { code, message, details, stack } = failure;
  if (code) return new ProbityError(code, message, { details });
  const error = new Error(message);
  if (stack) error.stack = stack;
  return error;
}

/** Asks, waits, kills; returns when the process is gone. */
async function end(child: ChildProcess, killAfterMilliseconds: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMilliseconds);
  await gone;
  clearTimeout(timer);
}
