/**
 * What the processors of a Linux machine can do, by Linux's own names, e.g. `avx2`.
 *
 * @param processorInfo What `/proc/cpuinfo` says.
 */
export const instructionsOf = (processorInfo: string): ReadonlySet<string> =>
  new Set(/^flags\s*:(.*)$/m.exec(processorInfo)?.[1]?.trim().split(/\s+/));
