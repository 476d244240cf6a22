import { MultiBar, type SingleBar } from 'cli-progress';
import type { TextStream } from '../terminal.js';

export interface BarLine {
  /** The same for the same thing from one call to the next. */
  readonly key: string;
  readonly title: string;
  readonly done: number;
  readonly total: number;
  /** What stands behind the bar: counts, rate, time left. */
  readonly note: string;
}

/** Bars that come and go with what they show. */
export interface ProgressBars {
  show(lines: readonly BarLine[]): void;
  /** Removes the bars, so that what is printed next begins on a clean line. */
  clear(): void;
}

const TITLE_WIDTH = 34;

/** For a stream that is a terminal only: elsewhere bars would fill a log. */
export function createProgressBars(stream: TextStream): ProgressBars {
  const bars = new Map<string, SingleBar>();
  const multi = new MultiBar({
    stream: stream as NodeJS.WriteStream,
    format: '{title} {bar} {percentage} %  {note}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    emptyOnZero: true,
    forceRedraw: true,
    linewrap: false,
    gracefulExit: false, // Ctrl-C is ours
  });
  return {
    show: (lines) => {
      const keys = new Set(lines.map(({ key }) => key));
      for (const [key, bar] of bars) {
        if (keys.has(key)) continue;
        multi.remove(bar);
        bars.delete(key);
      }
      for (const { key, title, done, total, note } of lines) {
        const texts = { title: title.slice(0, TITLE_WIDTH).padEnd(TITLE_WIDTH), note };
        const bar = bars.get(key);
        if (bar === undefined) bars.set(key, multi.create(total, done, texts));
        else {
          bar.setTotal(total);
          bar.update(done, texts);
        }
      }
    },
    clear: () => {
      for (const bar of bars.values()) multi.remove(bar);
      bars.clear();
      multi.stop();
    },
  };
}
