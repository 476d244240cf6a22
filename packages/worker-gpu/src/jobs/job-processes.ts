import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ProbityError } from '@probity/core/errors';
import type { JobProgress } from '@probity/core/schemas/campaign-state';
import type { JobMessage, JobRequest } from './job-messages.js';

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
  close(): Promise<void>;
}

interface Host {
  readonly child: ChildProcess;
  jobsDone: number;
}

export interface JobProcessOptions {
  /** The job host, unless a test has its own. */
  readonly program?: string;
  readonly killAfterMilliseconds?: number;
}

/** Processes are kept between jobs: starting one loads the libraries and costs about a second. */
export function createJobProcesses({
  program = fileURLToPath(new URL('./job-host.js', import.meta.url)),
  killAfterMilliseconds = KILL_AFTER_MILLISECONDS,
}: JobProcessOptions = {}): JobProcesses {
  const idle: Host[] = [];
  const all = new Set<ChildProcess>();

  const start = (): Host => {
    const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    all.add(child);
    child.once('exit', () => {
      all.delete(child);
      const place = idle.findIndex((host) => host.child === child);
      if (place >= 0) idle.splice(place, 1);
    });
    return { child, jobsDone: 0 };
  };

  return {
    run: async (request, options) => {
      options.signal.throwIfAborted();
      const host = idle.pop() ?? start();
      try {
        return await runOn(host.child, request, { ...options, killAfterMilliseconds });
      } finally {
        host.jobsDone++;
        if (host.jobsDone >= JOBS_PER_PROCESS && isUp(host.child)) host.child.disconnect();
        else if (isUp(host.child) && !options.signal.aborted) idle.push(host);
      }
    },
    close: async () => {
      await Promise.all([...all].map((child) => end(child, killAfterMilliseconds)));
    },
  };
}

/** A process that ended may keep its channel for a moment. */
const isUp = ({ connected, exitCode, signalCode }: ChildProcess): boolean =>
  connected && exitCode === null && signalCode === null;

async function runOn(
  child: ChildProcess,
  request: JobRequest,
  { signal, onProgress, killAfterMilliseconds }: JobOptions & { killAfterMilliseconds: number },
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
        const how = killedBy ? `signal ${killedBy}` : `exit code ${code}`;
        reject(
          new ProbityError(
            'JOB_KILLED',
            `Cannot finish ${request.kind} job: its process ended with ${how} before it answered. It is started again and goes on from its newest checkpoint`,
            { details: { how } },
          ),
        );
      };
      const onError = (error: Error) =>
        reject(
          new ProbityError('JOB_KILLED', `Cannot reach the process of a ${request.kind} job: ${error.message}`, {
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
      child.send(request, (error) => error && onError(error));
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
