import { formatRate } from './quantities.js';
import { createProgressBars } from './progress-bars.js';
import { say, type Terminal } from '../terminal.js';

const LINE_EVERY_MILLISECONDS = 10_000;

/** Progress of one thing after another: a bar on a terminal, else a line now and then. */
export interface ItemProgress {
  show(title: string, progress: { readonly done: number; readonly total: number }): void;
  end(): void;
}

export function createItemProgress(terminal: Terminal): ItemProgress {
  const bars = terminal.err.isTTY === true ? createProgressBars(terminal.err) : undefined;
  let current = { title: '', beganAt: 0 };
  let lastLineAt = performance.now();
  return {
    show: (title, { done, total }) => {
      const now = performance.now();
      if (title !== current.title) current = { title, beganAt: now };
      const perSecond = (done * 1000) / Math.max(1, now - current.beganAt);
      const note = `${done}/${total}, ${formatRate(perSecond, 'items')}`;
      if (bars !== undefined) bars.show([{ key: title, title, done, total, note }]);
      else if (now - lastLineAt >= LINE_EVERY_MILLISECONDS) {
        say(terminal, `${title}: ${note}`);
        lastLineAt = now;
      }
    },
    end: () => bars?.clear(),
  };
}
