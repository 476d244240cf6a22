import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** What a command found: the same thing for a program and for a person. */
export interface Answer {
  /** Printed as the one JSON value on standard output with `--json`. */
  readonly json: unknown;
  /** Printed without it; no newline at the end. Empty where there is nothing to add. */
  readonly text: string;
  readonly exitCode?: ExitCode;
}

export interface GlobalOptions {
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Tells `runCli` how the command ended, since commander hands nothing back. */
export interface Outcome {
  exitCode: ExitCode;
}

export interface CommandContext {
  readonly terminal: Terminal;
  readonly outcome: Outcome;
}

/** The action of a command: runs `body` with what commander parsed, positional arguments first, and prints the answer. */
export function answering<Args extends readonly unknown[]>(
  { terminal, outcome }: CommandContext,
  body: (...args: Args) => Promise<Answer> | Answer,
) {
  return async function action(this: Command, ...args: unknown[]): Promise<void> {
    // Commander passes the positional arguments, the options and the command, in the order that `body` names.
    const answer = await body(...(args as unknown as Args));
    printAnswer(terminal, answer, this.optsWithGlobals<GlobalOptions>());
    if (answer.exitCode !== undefined) outcome.exitCode = answer.exitCode;
  };
}

export function printAnswer({ out }: Terminal, { json, text }: Answer, { json: asJson = false }: GlobalOptions): void {
  if (asJson) out.write(`${JSON.stringify(json, undefined, 2)}\n`);
  else if (text !== '') out.write(`${text}\n`);
}
