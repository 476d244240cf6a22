import { join } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from '../answer.js';
import { EXIT } from '../exit-codes.js';
import { runProgram } from '../run-program.js';
import { repositoryRoot } from '@probity/connections/tools-folder';

const HELP = `
Benches: training, inference, campaign, quality, gpu. Progress goes to standard error, one JSON object to standard output.
Rivals are installed into an environment of their own on the first run; it says how much that is before it begins.

Examples:
  $ probity bench training --json
  $ probity bench inference --quick
  $ probity bench quality --seeds 8 --json`;

export function addBenchCommand(program: Command, { terminal, outcome }: CommandContext): void {
  program
    .command('bench')
    .description('Measure against peers on this machine.')
    .argument('<name>', 'what to measure')
    .option('--quick', 'about a minute: for a look, not for a figure to quote')
    .option('--seeds <count>', 'of quality: seeds that each contender is trained from (default: 3, with --quick 1)')
    .argument('[args...]', 'passed on')
    .allowUnknownOption()
    .addHelpText('after', HELP)
    .action(async (name: string, args: string[], { quick = false, seeds }: { quick?: boolean; seeds?: string }) => {
      const { json = false } = program.opts<GlobalOptions>();
      const flags = [
        ...(quick ? ['--quick'] : []),
        ...(seeds === undefined ? [] : ['--seeds', seeds]),
        ...(json ? ['--json'] : []),
      ];
      const code = await runProgram(join(repositoryRoot, 'bench/dist/main.js'), [name, ...args, ...flags], terminal);
      outcome.exitCode = code === 0 ? EXIT.ok : code === EXIT.badInput ? EXIT.badInput : EXIT.failed;
    });
}
