import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ProbityError } from '@probity/core/errors';
import type { Terminal } from './terminal.js';

/** Runs a program of this checkout in the foreground, on this terminal, until it ends; Ctrl-C is its own to answer. */
export async function runProgram(program: string, args: readonly string[], terminal: Terminal): Promise<number> {
  if (!existsSync(program)) {
    throw new ProbityError('TOOL_MISSING', `Cannot run "${program}": it is not built yet. Run "npm run setup"`, {
      details: { program },
    });
  }
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit', env: terminal.environment });
  // A terminal sends Ctrl-C to both; whoever ends this process alone means the program too.
  const forget = terminal.onInterrupt(() => child.kill('SIGTERM'));
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  } finally {
    forget();
  }
}
