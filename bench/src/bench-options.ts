export interface BenchOptions {
  /** About a minute instead of the full number of runs: for a look, not for a figure to quote. */
  readonly quick: boolean;
}
