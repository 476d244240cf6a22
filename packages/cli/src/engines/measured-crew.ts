import { fork, type ChildProcess } from 'node:child_process';
import type { MeasuredJobMessage, MeasuredJobOrder, MeasuredJobStart } from '@probity/core/engines/measured-job';

export interface CrewOptions {
  /** What each process runs. */
  readonly program: string;
  readonly environment: NodeJS.ProcessEnv;
  /** How many processes. */
  readonly slots: number;
  /** How long they train once all are ready. */
  readonly seconds: number;
}

export interface CrewResult {
  /** The engine's full name. */
  readonly engine: string;
  /** Of all processes together. */
  readonly stepsPerSecond: number;
  /** The most that one of them held. */
  readonly peakBytes: number;
  /** Of all of them, from their start. */
  readonly processorMilliseconds: number;
}

/** A job of a crew failed; the message says how. */
export class CrewFailure extends Error {}

/** Longer than a library takes to load, compile and warm up on a busy machine. */
const READY_MILLISECONDS_MAX = 120_000;

/**
 * Trains in so many processes at once and says how many steps they did together. All begin when the last is ready, and each
 * goes on until its time is over, so that none is measured alone.
 *
 * @throws {CrewFailure} when one of them fails; all have ended by then.
 */
export async function measureCrew(order: MeasuredJobOrder, options: CrewOptions): Promise<CrewResult> {
  const { program, environment, slots, seconds } = options;
  const jobs = Array.from({ length: slots }, () => new MeasuredJob(program, order, environment));
  try {
    const engines = await Promise.all(jobs.map((job) => job.ready()));
    const results = await Promise.all(jobs.map((job) => job.train({ seconds })));
    return {
      engine: engines[0]!,
      stepsPerSecond: results.reduce((sum, result) => sum + result.steps / result.seconds, 0),
      peakBytes: Math.max(...results.map(({ peakBytes }) => peakBytes)),
      processorMilliseconds: results.reduce((sum, result) => sum + result.processorMilliseconds, 0),
    };
  } finally {
    await Promise.all(jobs.map((job) => job.end()));
  }
}

type Message<Type extends MeasuredJobMessage['type']> = Extract<MeasuredJobMessage, { type: Type }>;

class MeasuredJob {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #complaint = '';

  constructor(program: string, order: MeasuredJobOrder, environment: NodeJS.ProcessEnv) {
    this.#child = fork(program, [JSON.stringify(order)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: environment,
      execArgv: [], // a job's worker has none
    });
    this.#child.stderr!.on('data', (chunk: Buffer) => (this.#complaint = (this.#complaint + chunk).slice(-2000)));
    this.#gone = new Promise((resolve) => this.#child.once('exit', () => resolve()).once('error', () => resolve()));
  }

  async ready(): Promise<string> {
    return (await this.#answer('ready', READY_MILLISECONDS_MAX)).engine;
  }

  train(start: MeasuredJobStart): Promise<Message<'result'>> {
    const answer = this.#answer('result', start.seconds * 1000 + READY_MILLISECONDS_MAX);
    this.#child.send(start);
    return answer;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#gone;
  }

  #answer<Type extends 'ready' | 'result'>(type: Type, millisecondsMax: number): Promise<Message<Type>> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const fail = (state: string) => settle(() => reject(new CrewFailure(state)));
      const onMessage = (message: MeasuredJobMessage) => {
        if (message.type === type) settle(() => resolve(message as Message<Type>));
        if (message.type === 'failure') fail(message.message);
      };
      const onClose = (code: number | null, signal: string | null) =>
        fail(`its process ended with ${signal ?? code}: ${reasonIn(this.#complaint)}`);
      const onError = ({ message }: Error) => fail(`its process cannot be started: ${message}`);
      const timer = setTimeout(() => fail(`no answer within ${millisecondsMax / 1000} s`), millisecondsMax);
      const settle = (end: () => void) => {
        clearTimeout(timer);
        child.off('message', onMessage).off('close', onClose).off('error', onError);
        end();
      };
      child.on('message', onMessage).on('close', onClose).on('error', onError);
    });
  }
}

/** Node writes what went wrong above its stack, libraries write it last. */
function reasonIn(complaint: string): string {
  const lines = complaint.trim().split('\n');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '';
}
