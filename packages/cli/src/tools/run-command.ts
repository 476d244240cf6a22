import { spawn } from 'node:child_process';

export interface CommandResult {
  /** `undefined` where a signal ended it or it could not be started. */
  readonly status: number | undefined;
  readonly output: string;
  /** The last line that says something: mostly the reason of a failure. */
  readonly lastLine: string;
}

const OUTPUT_CHARACTERS_MAX = 100_000;

/** Runs a command to its end and collects what it prints; a command that is not there is a result too. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; timeoutSeconds: number },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    let output = '';
    const { timeoutSeconds, env } = options;
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutSeconds * 1000,
      ...(env !== undefined && { env }),
    });
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
    };
    const finish = (status: number | undefined): void => {
      const lastLine = output.trim().split('\n').at(-1)?.trim() ?? '';
      resolve({ status, output, lastLine });
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      output += error.message;
      finish(undefined);
    });
    child.on('close', (status, signal) => {
      if (signal !== null) output += `\nended by ${signal} (limit ${timeoutSeconds} s)`;
      finish(status ?? undefined);
    });
  });
}
