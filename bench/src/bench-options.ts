import { requireInput } from '@probity/core/errors';

export interface BenchOptions {
  /** About a minute instead of the full number of runs: for a look, not for a figure to quote. */
  readonly quick: boolean;
  /** How many seeds `quality` trains each contender from, 1 or more; absent: as many as are usual. */
  readonly seeds?: number;
}

/**
 * What was asked for on the command line.
 *
 * @throws {ProbityError} `INVALID_INPUT` unless `seeds` counts something and the bench has seeds.
 */
export function requireOptions(bench: string, { quick, seeds }: { quick: boolean; seeds?: string }): BenchOptions {
  if (seeds === undefined) return { quick };
  requireInput(bench === 'quality', `Cannot run bench "${bench}" with --seeds: only "quality" has seeds`);
  requireInput(
    /^[1-9]\d*$/.test(seeds),
    `Cannot train from "${seeds}" seeds: --seeds must be a whole number from 1 on`,
  );
  return { quick, seeds: Number(seeds) };
}
