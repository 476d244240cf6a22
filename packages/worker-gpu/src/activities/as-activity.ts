import { ERRORS, ProbityError, type ErrorCode } from '@probity/core/errors';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { z } from 'zod';

/** An error without a code is a fault of ours, or the world in a state we did not foresee: the first may not pass. */
const BUG_ATTEMPTS_MAX = 20;

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
      throw toFailure(error, { signal: activity.cancellationSignal, attempt: activity.info.attempt });
    } finally {
      clearInterval(heartbeat);
    }
  };
}

/** Cancellation goes out as it came; an error without a code is tried again, but not for ever. */
function toFailure(error: unknown, { signal, attempt }: { signal: AbortSignal; attempt: number }): unknown {
  if (signal.aborted) return isShutdown(signal.reason) ? shutDown() : signal.reason;
  if (!(error instanceof ProbityError)) return attempt < BUG_ATTEMPTS_MAX ? error : bug(error, attempt);
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
function bug(error: unknown, attempt: number): ApplicationFailure {
  const cause = error instanceof Error ? error : new Error(String(error));
  const message = `Cannot finish the step: ${attempt} attempts failed with an error that Probity does not know: ${cause.message}`;
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
