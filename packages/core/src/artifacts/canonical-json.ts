/**
 * JSON with sorted keys and no spaces: equal values give equal text, whatever order their keys were written in.
 * `undefined` members are left out, as in JSON. Hash this, never `JSON.stringify`.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
