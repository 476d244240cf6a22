/** File systems allow 255 bytes a name; endings and counters need some. */
const NAME_LENGTH_MAX = 150;

/**
 * A file name for each id, portable and unique, also where file systems take upper and lower case for the same.
 * What is no letter, digit, dot, hyphen or underscore becomes an underscore. Depends on the ids and their order only.
 */
export function exportNames(ids: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const id of ids) {
    const plain = id
      .replaceAll(/[^A-Za-z0-9._-]/g, '_')
      .replace(/^\.+/, '_')
      .slice(0, NAME_LENGTH_MAX);
    let name = plain;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${plain}-${count}`;
    taken.add(name.toLowerCase());
    names.set(id, name);
  }
  return names;
}

/** The ending of a blob's key, dot included. */
export const endingOf = (key: string): string => /\.[a-z0-9]+$/.exec(key)?.[0] ?? '';
