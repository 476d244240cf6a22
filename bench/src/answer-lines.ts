import { createInterface } from 'node:readline';

export type LineCommands = Readonly<
  Record<string, (request: Record<string, unknown>) => Promise<Record<string, unknown>>>
>;

/**
 * The answering side of `RivalProcess`, for our own processes: they run under the same rules as the rivals', one
 * request a line, one answer a line, until standard input ends.
 */
export async function answerLines(commands: LineCommands): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Record<string, unknown>;
    const command = commands[String(request['command'])];
    if (!command) throw new Error(`Bug: no command "${String(request['command'])}"`);
    process.stdout.write(`${JSON.stringify(await command(request))}\n`);
  }
}

/** Largest memory this process ever held, in bytes. */
export const peakMemory = (): { peakBytes: number } => ({ peakBytes: process.resourceUsage().maxRSS * 1024 });
