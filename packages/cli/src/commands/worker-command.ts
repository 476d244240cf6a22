import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import type { CommandContext } from '../answer.js';
import { EXIT } from '../exit-codes.js';
import { runProgram } from '../run-program.js';
import { repositoryRoot } from '@probity/connections/tools-folder';

/** The worker processes, each serving one task queue. */
const ROLES = ['workflows', 'cpu', 'gpu'] as const;

const HELP = `
  workflows  orders the steps; needs little and no device
  cpu        short steps on tables and small images
  gpu        training and inference, one job a slot (PROBITY_JOB_SLOTS, PROBITY_JOB_THREADS)

"probity up" starts one of each. Start more on other machines with TEMPORAL_ADDRESS and the same PROBITY_S3_* settings.

Examples:
  $ TEMPORAL_ADDRESS=cluster:7233 PROBITY_STORE=s3 … probity worker gpu
  $ PROBITY_JOB_SLOTS=2 PROBITY_JOB_THREADS=4 probity worker gpu`;

export function addWorkerCommand(program: Command, { terminal, outcome }: CommandContext): void {
  program
    .command('worker')
    .description('Run one worker in the foreground until Ctrl-C.')
    .addArgument(new Argument('<role>', 'what it does').choices(ROLES))
    .addHelpText('after', HELP)
    .action(async (role: (typeof ROLES)[number]) => {
      const code = await runProgram(join(repositoryRoot, `packages/worker-gpu/dist/main-${role}.js`), [], terminal);
      outcome.exitCode = code === 0 ? EXIT.ok : EXIT.failed;
    });
}
