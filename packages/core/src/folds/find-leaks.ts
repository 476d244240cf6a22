export interface LeakItem {
  readonly id: string;
  readonly group: string;
  /** Digest of the decoded pixels or of the file's bytes; the same for all items. */
  readonly imageSha256: string;
}

/** The same image in two groups. */
export interface Leak {
  readonly first: string;
  readonly second: string;
}

/**
 * Finds images that stand in two groups, and so may be taught by one fold and tested by another.
 *
 * Only identical digests are found: a crop or another compression of the same scene is not. Each item that repeats an
 * image of another group is reported once, against the first item that shows it, in the order of the items.
 * Cost: O(items).
 */
export function findLeaks(items: readonly LeakItem[]): Leak[] {
  const firstByDigest = new Map<string, LeakItem>();
  const leaks: Leak[] = [];
  for (const item of items) {
    const first = firstByDigest.get(item.imageSha256);
    if (first === undefined) firstByDigest.set(item.imageSha256, item);
    else if (first.group !== item.group) leaks.push({ first: first.id, second: item.id });
  }
  return leaks;
}
