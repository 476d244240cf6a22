import { ProbityError } from '@probity/core/errors';
import type { Info } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { asActivity, type ActivityContext } from './as-activity.js';

// The failures are wanted here; the log need not say them.
const quietEnvironment = (info: Partial<Info> = {}) =>
  new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });

const schema = z.object({ fold: z.int() });
const failing = (error: unknown) => asActivity(schema, () => Promise.reject(error as Error));
const run = (activity: (request: { fold: number }) => Promise<unknown>, request: unknown = { fold: 1 }) =>
  quietEnvironment().run(activity, request as { fold: number });

/** Ends when its activity is cancelled, as a job does. */
const untilCancelled = (_: unknown, { signal }: ActivityContext): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

describe('asActivity()', () => {
  it('hands over the parsed request and gives back the answer', async () => {
    const activity = asActivity(schema, ({ fold }) => Promise.resolve({ doubled: 2 * fold }));
    expect(await run(activity, { fold: 21, unknown: true })).toEqual({ doubled: 42 });
  });

  it('refuses a request of another shape for good', async () => {
    await expect(run(failing(new Error('never')), { fold: 'one' })).rejects.toMatchObject({
      type: 'INVALID_INPUT',
      nonRetryable: true,
    });
  });

  it.each([
    ['TRAINING_DIVERGED', true],
    ['STORE_UNAVAILABLE', false],
  ] as const)('fails with %s as its type and the retry that the table says', async (code, nonRetryable) => {
    const error = new ProbityError(code, 'Cannot do it', { details: { step: 7 } });
    await expect(run(failing(error))).rejects.toMatchObject({
      type: code,
      message: 'Cannot do it',
      nonRetryable,
      details: [{ step: 7 }],
    });
  });

  it('leaves our own bugs as they are, so that they are tried again', async () => {
    const bug = new Error('Bug: it cannot be');
    await expect(run(failing(bug))).rejects.toBe(bug);
  });

  it('gives up on a bug that it meets twenty times, and says so', async () => {
    const bug = new Error('it cannot be');
    const meet = () => quietEnvironment({ activityId: 'always' }).run(failing(bug), { fold: 1 });
    for (let met = 1; met < 20; met++) await expect(meet()).rejects.toBe(bug);
    await expect(meet()).rejects.toMatchObject({
      type: 'BUG',
      nonRetryable: true,
      message: expect.stringContaining('20 times') as string,
      cause: bug,
    });
  });

  it('does not count attempts that failed for a reason with a code: one bug after a long outage is tried again', async () => {
    const bug = new Error('it cannot be');
    const late = quietEnvironment({ activityId: 'once', attempt: 500 });
    await expect(late.run(failing(bug), { fold: 1 })).rejects.toBe(bug);
  });

  it('goes out as a cancellation when the campaign cancels it', async () => {
    const environment = quietEnvironment();
    const running = environment.run(asActivity(schema, untilCancelled), { fold: 1 });
    environment.cancel('CANCELLED');
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('asks for another attempt when its worker shuts down', async () => {
    const environment = quietEnvironment();
    const running = environment.run(asActivity(schema, untilCancelled), { fold: 1 });
    environment.cancel('WORKER_SHUTDOWN');
    await expect(running).rejects.toMatchObject({ type: 'JOB_KILLED', nonRetryable: false });
  });

  it('heartbeats on a timer with the newest report, until it has ended', async () => {
    vi.useFakeTimers();
    try {
      const environment = quietEnvironment();
      const heartbeats: unknown[] = [];
      environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
      let finish = () => {};
      const end = new Promise<void>((resolve) => (finish = resolve));
      const running = environment.run(
        asActivity(schema, async (_, { report }) => {
          report({ done: 1 });
          report({ done: 2 });
          await end;
        }),
        { fold: 1 },
      );
      await vi.advanceTimersByTimeAsync(2_500);
      expect(heartbeats).toEqual([{ done: 2 }, { done: 2 }]);
      finish();
      await running;
      await vi.advanceTimersByTimeAsync(10_000);
      expect(heartbeats).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
