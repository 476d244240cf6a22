import { CancellationScope } from '@temporalio/workflow';
import { slidingWindow } from './sliding-window.js';

/**
 * A sliding window in which the first failure cancels what is under way. Settles only when everything has ended, so that
 * no job runs on behind a campaign that has failed or was cancelled.
 */
export async function together<Result>(
  count: number,
  { window }: { window: number },
  task: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const scope = new CancellationScope();
  return scope.run(() => slidingWindow(count, { window, onFailure: () => scope.cancel() }, task));
}
