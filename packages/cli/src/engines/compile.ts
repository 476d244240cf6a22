import { FetchFailure } from '../tools/fetch-failure.js';
import { runCommand } from '../tools/run-command.js';

const COMPILE_SECONDS_MAX = 600;

/** @throws {FetchFailure} with the compiler's first complaint */
export async function compile(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const compiled = await runCommand('g++', args, { timeoutSeconds: COMPILE_SECONDS_MAX, env });
  if (compiled.status === 0) return;
  throw new FetchFailure(compiled.output.split('\n').find((line) => /error/i.test(line)) ?? compiled.lastLine);
}
