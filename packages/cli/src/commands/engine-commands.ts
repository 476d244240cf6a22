import { Argument, type Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';
import { installTensorFlow } from '../engines/install-tensorflow.js';
import { say } from '../terminal.js';

const HELP = `
Everything comes by pinned digests: tfjs-node's binding from npm, compiled here with g++, and TensorFlow's library from
PyPI. It lies in the tools folder (PROBITY_TOOLS) and takes 0.9 GB, with --gpu 5.7 GB. docs/engines.md says what runs where.

Examples:
  $ probity engine install tensorflow
  $ PROBITY_ENGINE=tensorflow probity up
  $ probity doctor`;

/** `engine install`: what does not come with npm. */
export function addEngineCommands(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const engine = program.command('engine').description('Engines besides the one that comes with npm.');
  engine
    .command('install')
    .description('Install an engine, or verify the one that is installed.')
    .addArgument(new Argument('<engine>', 'which').choices(['tensorflow']))
    .option('--gpu', "the build for NVIDIA's devices, with its libraries")
    .addHelpText('after', HELP)
    .action(
      answering(context, async (_engine: string, { gpu = false }: { gpu?: boolean }) => {
        const device = gpu ? 'gpu' : 'cpu';
        const installed = await installTensorFlow({
          device,
          environment: terminal.environment,
          onProgress: (line) => say(terminal, line),
        });
        const what = `TensorFlow ${installed.version} (${device}) at "${installed.folder}"`;
        const text = installed.isNew
          ? `Installed ${what}. PROBITY_ENGINE=tensorflow trains with it`
          : `${what} is installed; every file is as it was made`;
        return { json: installed, text };
      }),
    );
}
