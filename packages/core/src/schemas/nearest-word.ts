/** How many letters may differ, as a share of the longer word: beyond a third, a suggestion confuses. */
const DISTANCE_SHARE_MAX = 1 / 3;

/**
 * The word that a misspelt one was probably meant to be, by edit distance without regard to case, the first on a tie;
 * `undefined` when none is near. Cost: O(words · length²).
 *
 * @see Damerau 1964; Levenshtein 1966
 */
export function nearestWord(misspelt: string, words: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let distanceMin = Infinity;
  for (const word of words) {
    const distance = editDistance(misspelt.toLowerCase(), word.toLowerCase());
    const near = distance <= Math.max(1, Math.max(misspelt.length, word.length) * DISTANCE_SHARE_MAX);
    if (near && distance < distanceMin) {
      nearest = word;
      distanceMin = distance;
    }
  }
  return nearest;
}

/** Insertions, deletions, substitutions and swaps of two neighbours count one each. */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const substitution = rows[i - 1]![j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = swapped ? rows[i - 2]![j - 2]! + 1 : Infinity;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, substitution, swap));
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}
