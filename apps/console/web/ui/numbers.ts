import type { Interval } from '@probity/core/schemas/round-artifacts';

/** With the sign that typesetters use. */
const minus = (value: number, digits: number): string =>
  value
    .toFixed(digits)
    .replace(/^-(?=0\.?0*$)/, '')
    .replace('-', '−');
export const decimal = (value: number, digits = 3): string => value.toFixed(digits);
export const signed = (value: number, digits = 3): string =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
export const percent = (value: number, digits = 0): string => `${(value * 100).toFixed(digits)} %`;
export const intervalText = ({ low, high }: Interval, digits = 3): string =>
  `${minus(low, digits)} to ${minus(high, digits)}`;

export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

export const clock = (iso: string): string =>
  new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** `trainTrunk` as people say it: `Train trunk`. */
export function words(name: string): string {
  const spaced = name.replaceAll(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return spaced.charAt(0).toUpperCase() + spaced.slice(1).replaceAll('-', ' ');
}
