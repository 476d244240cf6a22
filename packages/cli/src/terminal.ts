import { readSettings, type Settings } from '@probity/connections/settings';

/** Where text goes; `process.stdout` and `process.stderr` fit. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Everything a command touches of the process it runs in, so that tests can stand in for it. */
export interface Terminal {
  /** Results only: one JSON value with `--json`. */
  readonly out: TextStream;
  /** Progress and errors. */
  readonly err: TextStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Calls `listener` on Ctrl-C until the function it returns is called; without a listener Ctrl-C ends the process. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

export const settingsOf = ({ environment }: Terminal): Settings => readSettings(environment);

/** Writes a line of progress. */
export const say = ({ err }: Terminal, line: string): void => void err.write(`${line}\n`);
