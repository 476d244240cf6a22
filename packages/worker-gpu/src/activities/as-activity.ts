import { ERRORS, ProbityError } from '@probity/core/errors';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { z } from 'zod';

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
    try {
      return await body(parsed.data, { signal: activity.cancellationSignal, report });
    } catch (error) {
      throw toFailure(error, activity.cancellationSignal);
    } finally {
      clearInterval(heartbeat);
    }
  };
}

/** Cancellation goes out as it came, and so do our own bugs, which Temporal tries again until they are mended. */
function toFailure(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return isShutdown(signal.reason) ? shutDown() : signal.reason;
  if (!(error instanceof ProbityError)) return error;
  const { code, message, details } = error;
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: !ERRORS[code].retryable,
    details: [details],
    cause: error,
  });
}

const isShutdown = (reason: unknown): boolean =>
  reason instanceof CancelledFailure && reason.message === 'WORKER_SHUTDOWN';

/** Nobody cancelled the step: said as a cancellation, Temporal would wait for the heartbeat to run out. */
const shutDown = (): ApplicationFailure =>
  ApplicationFailure.retryable(
    'Cannot finish the step here: this worker shuts down; another attempt goes on',
    'JOB_KILLED',
  );
