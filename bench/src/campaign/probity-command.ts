import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../packages/cli/bin/probity.js', import.meta.url));

/** Runs `probity` as a user does, in `home`; what it prints goes to standard error. @throws {Error} when it does not hold */
export async function probity(home: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', process.stderr, 'inherit'],
    env: { ...process.env, PROBITY_HOME: home },
  });
  const code = await new Promise((resolve) => child.once('exit', (exitCode, signal) => resolve(exitCode ?? signal)));
  if (code !== 0) throw new Error(`"probity ${args.join(' ')}" ended with ${String(code)}`);
}
