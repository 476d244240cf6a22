import { runCommand } from './run-command.js';

/** Why a source gave nothing usable; where there is another source, it is tried next. */
export class FetchFailure extends Error {}

export const DOWNLOAD_SECONDS_MAX = 900;

/** Runs a command that must succeed. @throws {FetchFailure} with the last line that it printed */
export async function requireCommand(
  command: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  const { status, output, lastLine } = await runCommand(command, args, {
    timeoutSeconds: DOWNLOAD_SECONDS_MAX,
    ...(env !== undefined && { env }),
  });
  if (status !== 0) throw new FetchFailure(`"${command}" failed: ${lastLine}`);
  return output;
}
