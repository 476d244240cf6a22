import { Command } from 'commander';
import type { CommandContext } from './answer.js';
import { addBenchCommand } from './commands/bench-command.js';
import { addCampaignCommands } from './commands/campaign-commands.js';
import { addDatasetCommands } from './commands/dataset-commands.js';
import { addDemoCommand } from './commands/demo-command.js';
import { addEngineCommands } from './commands/engine-commands.js';
import { addModelCommands } from './commands/model-commands.js';
import { addReplayCommand } from './commands/replay-command.js';
import { addSchemaCommand } from './commands/schema-command.js';
import { addStackCommands } from './commands/stack-commands.js';
import { addWorkerCommand } from './commands/worker-command.js';
import { EXIT_CODES_HELP } from './exit-codes.js';

const EXAMPLES = `
Examples:
  $ probity demo                                        a whole campaign on generated images
  $ probity dataset import ../my-images --name lv --group-column patient
  $ probity campaign start examples/sunnybrook.yaml --watch
  $ probity campaign report sunnybrook
  $ probity dataset export lv@round-2 --format coco --out lv-coco`;

/** The whole command tree. Every command prints a result for people, or one JSON value with `--json`. */
export function createProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command('probity')
    .description('Campaigns that label a pool of images with ensembles whose probabilities mean what they say.')
    .option('--json', 'print one JSON value on standard output; progress goes to standard error')
    .option('--debug', 'print where an error comes from')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      getOutHelpWidth: () => terminal.out.columns ?? 100,
      getErrHelpWidth: () => terminal.err.columns ?? 100,
    })
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride()
    .addHelpText('after', EXAMPLES)
    .addHelpText('after', EXIT_CODES_HELP);
  addDemoCommand(program, context);
  addStackCommands(program, context);
  addDatasetCommands(program, context);
  addCampaignCommands(program, context);
  addModelCommands(program, context);
  addReplayCommand(program, context);
  addSchemaCommand(program, context);
  addWorkerCommand(program, context);
  addEngineCommands(program, context);
  addBenchCommand(program, context);
  return program;
}
