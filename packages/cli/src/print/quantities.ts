/** Numbers with their units, for people. The one place that decides how many digits are shown. */

const THOUSANDS = new Intl.NumberFormat('en');

/** `1,234`. */
export const formatCount = (count: number): string => THOUSANDS.format(count);

/** `1 fold`, `3 folds`. */
export const formatCounted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${formatCount(count)} ${count === 1 ? noun : plural}`;

/** `8 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const whole = Math.max(0, Math.round(seconds));
  const first = units.findIndex(([, size]) => whole >= size);
  if (first < 0) return seconds > 0 && seconds < 0.5 ? '< 1 s' : `${whole} s`;
  const [unit, size] = units[first]!;
  const next = units[first + 1];
  const rest = next === undefined ? 0 : Math.floor((whole % size) / next[1]);
  return `${Math.floor(whole / size)} ${unit}${next === undefined || rest === 0 ? '' : ` ${rest} ${next[0]}`}`;
}

/** `34 steps/s`, `0.8 items/s`. */
export const formatRate = (perSecond: number, unit: string): string =>
  `${perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1)} ${unit}/s`;

/** `14 %` of a share from 0 to 1. */
export const formatShare = (share: number): string => `${Math.round(share * 100)} %`;
