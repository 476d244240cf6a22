/**
 * Runs `task` for 0 … count − 1 with at most `window` under way, in order, and returns the results in order. The first
 * failure ends it: no further task begins.
 */
export async function slidingWindow<Result>(
  count: number,
  window: number,
  task: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < count && !failed) {
      const index = next;
      next++;
      try {
        results[index] = await task(index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(window, count) }, lane));
  return results;
}
