import type { Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';
import { runDemo } from '../demo/run-demo.js';

const HELP = `
Starts Temporal, the workers and the console in a folder of its own, generates images whose truth is known, and runs
round 0 and two pseudo-label rounds. Ctrl-C stops it; the same command goes on where it stopped.

Examples:
  $ npm run demo                 from a fresh clone: installs and builds first
  $ npm run demo -- --fresh      forgets the last demo and runs it anew`;

export function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('Run a whole campaign on generated images and show it.')
    .option('--fresh', 'remove what the last demo made, and begin anew')
    .addHelpText('after', HELP)
    .action(answering(context, ({ fresh = false }: { fresh?: boolean }) => runDemo(context.terminal, { fresh })));
}
