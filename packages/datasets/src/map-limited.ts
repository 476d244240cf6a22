import pLimit from 'p-limit';

/**
 * Maps items with at most `parallel` at once; results in their order. After a failure nothing new is begun, and the
 * failure is thrown once all that was begun has ended: nobody writes behind the caller's back.
 */
export async function mapLimited<T, R>(
  items: readonly T[],
  parallel: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const limit = pLimit(parallel);
  let failure: { readonly error: unknown } | undefined;
  const results: R[] = [];
  await Promise.all(
    items.map((item, index) =>
      limit(async () => {
        if (failure !== undefined) return;
        try {
          results[index] = await work(item, index);
        } catch (error) {
          failure ??= { error };
        }
      }),
    ),
  );
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  return results;
}
