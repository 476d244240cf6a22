import { ERRORS, ProbityError, type ErrorCode } from '@probity/core/errors';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { z } from 'zod';

/** An error without a code is a fault of ours, or the world in a state we did not foresee: the first will not pass. */
const BUGS_MAX = 20;

/**
 * How often each step under way met one, in this process. Temporal's own count of attempts would not do: a night of
 * attempts at a store that is away must not leave a step one bug from its end.
 */
const bugsMet = new Map<string, number>();

/** Far below the shortest heartbeat timeout, since a heartbeat also carries progress out and a cancellation in. */
const HEARTBEAT_MILLISECONDS = 1_000;

export interface ActivityContext {
  /** Aborts when the campaign cancels the step or the worker shuts down. */
  readonly signal: AbortSignal;
  /** Says what the step is doing; shown while it runs. Sent with the next heartbeat. */
  readonly report: (details: unknown) => void;
}

/**
 * Wraps the body of an activity: parses its one argument, heartbeats on a timer, and turns a `ProbityError` into the
 * failure that Temporal understands: `type` is the code, `nonRetryable` comes from the table of codes.
 */
export function asActivity<Schema extends z.ZodType, Result>(
  schema: Schema,
  body: (request: z.output<Schema>, context: ActivityContext) => Promise<Result>,
): (request: z.input<Schema>) => Promise<Result> {
  return async (request) => {
    const parsed = schema.safeParse(request);
    if (!parsed.success)
      throw ApplicationFailure.nonRetryable(`Cannot read the request: ${parsed.error.message}`, 'INVALID_INPUT');
    const activity = Context.current();
    let details: unknown;
    const heartbeat = setInterval(() => activity.heartbeat(details), HEARTBEAT_MILLISECONDS);
    const report = (newest: unknown) => {
      details = newest;
    };
    const step = `${activity.info.workflowExecution?.runId} ${activity.info.activityId}`;
    try {
      const result = await body(parsed.data, { signal: activity.cancellationSignal, report });
      bugsMet.delete(step);
      return result;
    } catch (error) {
      throw toFailure(error, { signal: activity.cancellationSignal, step });
    } finally {
      clearInterval(heartbeat);
    }
  };
}

/** Cancellation goes out as it came; an error without a code is tried again, but not for ever. */
function toFailure(error: unknown, { signal, step }: { signal: AbortSignal; step: string }): unknown {
  if (signal.aborted) return isShutdown(signal.reason) ? shutDown() : signal.reason;
  if (!(error instanceof ProbityError)) return bugFailure(error, step);
  const { code, message, details } = error;
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: !ERRORS[code].retryable,
    details: [details],
    cause: error,
  });
}

/** What is done so far is kept under its hash: a campaign started again, with the fault mended, goes on from here. */
function bugFailure(error: unknown, step: string): unknown {
  const met = (bugsMet.get(step) ?? 0) + 1;
  bugsMet.set(step, met);
  if (met < BUGS_MAX) return error;
  bugsMet.delete(step);
  const cause = error instanceof Error ? error : new Error(String(error));
  const message = `Cannot finish the step: it met an error that Probity does not know ${met} times: ${cause.message}`;
  return ApplicationFailure.create({ type: 'BUG' satisfies ErrorCode, message, nonRetryable: true, cause });
}

const isShutdown = (reason: unknown): boolean =>
  reason instanceof CancelledFailure && reason.message === 'WORKER_SHUTDOWN';

/** Nobody cancelled the step: said as a cancellation, Temporal would wait for the heartbeat to run out. */
const shutDown = (): ApplicationFailure =>
  ApplicationFailure.retryable(
    'Cannot finish the step here: this worker shuts down; another attempt goes on',
    'JOB_KILLED',
  );
