import type { Terminal } from '../terminal.js';

export interface CapturedTerminal extends Terminal {
  /** What was written so far. */
  readonly written: () => { readonly out: string; readonly err: string };
}

/** A terminal that remembers, with the environment of nobody: no cluster, no home but the one given. */
export function captureTerminal(home: string): CapturedTerminal {
  const texts = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    columns: 100,
    write: (text: string) => {
      texts[name] += text;
    },
  });
  return {
    out: stream('out'),
    err: stream('err'),
    environment: { PROBITY_HOME: home },
    onInterrupt: () => () => {},
    written: () => ({ ...texts }),
  };
}
