import type { Machine } from './machine.js';

/** Median and range of one contender's runs. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Above 1: ours is faster or better. Of the pairwise ratios, not of the medians. */
export interface Ratio {
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
}

export interface BenchReport {
  readonly name: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: number;
  readonly ours: Spread & { readonly unit: string };
  readonly rivals: readonly (Spread & { readonly name: string; readonly ratio: Ratio })[];
  /** Against the first rival; absent where a bench has none. */
  readonly ratio?: Ratio;
  /** What this bench measures besides: one entry a line of the report. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Contender {
  readonly name: string;
  /** One measurement a run, in the same order as ours: run i of ours pairs with run i of this one. */
  readonly runs: readonly number[];
}

export interface Measurement {
  readonly name: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly unit: string;
  /** Which way is better decides what a ratio above 1 means. */
  readonly better: 'lower' | 'higher';
  readonly ours: readonly number[];
  readonly rivals: readonly Contender[];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Turns paired runs into the report every bench prints. */
export function toReport({ name, machine, versions, unit, better, ours, rivals, details }: Measurement): BenchReport {
  const rows = rivals.map((rival) => ({
    name: rival.name,
    ...spread(rival.runs),
    ratio: pairedRatio({ ours, theirs: rival.runs, better }),
  }));
  const first = rows[0]?.ratio;
  return {
    name,
    machine,
    versions,
    runs: ours.length,
    ours: { ...spread(ours), unit },
    rivals: rows,
    ...(first && { ratio: first }),
    ...(details && { details }),
  };
}

/** Linear interpolation between order statistics, as numpy's default. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) throw new Error('Bug: no runs to summarise');
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)]!;
  return low + (sorted[Math.ceil(position)]! - low) * (position - Math.floor(position));
}

export function spread(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), min: Math.min(...values), max: Math.max(...values) };
}

export function pairedRatio({
  ours,
  theirs,
  better,
}: {
  ours: readonly number[];
  theirs: readonly number[];
  better: 'lower' | 'higher';
}): Ratio {
  if (ours.length !== theirs.length) throw new Error('Bug: runs are not paired');
  const ratios = ours.map((value, i) => (better === 'lower' ? theirs[i]! / value : value / theirs[i]!));
  return { median: quantile(ratios, 0.5), p25: quantile(ratios, 0.25), p75: quantile(ratios, 0.75) };
}
