import { ProbityError } from '@probity/core/errors';
import { CommanderError } from 'commander';
import { printAnswer, type GlobalOptions, type Outcome } from './answer.js';
import { EXIT, exitCodeOf, type ExitCode } from './exit-codes.js';
import { describeFailure, failureJson } from './print/failure.js';
import { createProgram } from './program.js';
import type { Terminal } from './terminal.js';

/** Runs the command that `argv` names (without node and script) and returns the exit code. Never throws. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const outcome: Outcome = { exitCode: EXIT.ok };
  const program = createProgram({ terminal, outcome });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput; // commander has said why
    const { json = false, debug = false } = program.opts<GlobalOptions>();
    if (json) printAnswer(terminal, { json: failureJson(error), text: '' }, { json });
    terminal.err.write(`${describeFailure(error, { debug })}\n`);
    return error instanceof ProbityError ? exitCodeOf(error.code) : EXIT.failed;
  }
}
