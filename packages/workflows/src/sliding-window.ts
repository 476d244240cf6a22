export interface SlidingWindow {
  /** Tasks under way at once. */
  readonly window: number;
  /** Called once, at the first failure, while others are under way still. */
  readonly onFailure: () => void;
}

/**
 * Runs `task` for 0 … count − 1 with at most `window` under way, in order, and returns the results in order. After a
 * failure no further task begins; the first failure is thrown when all that had begun have ended.
 */
export async function slidingWindow<Result>(
  count: number,
  { window, onFailure }: SlidingWindow,
  task: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    while (next < count && failure === undefined) {
      const index = next;
      next++;
      try {
        results[index] = await task(index);
      } catch (error) {
        if (failure !== undefined) return;
        failure = { error };
        onFailure();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(window, count) }, lane));
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  return results;
}
