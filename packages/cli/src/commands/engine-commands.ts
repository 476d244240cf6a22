import { Argument, type Command } from 'commander';
import { requireInput } from '@probity/core/errors';
import { answering, type CommandContext } from '../answer.js';
import type { Installed, InstallOptions } from '../engines/install-engine.js';
import { installOnnxCuda } from '../engines/install-onnx-cuda.js';
import { installTensorFlow } from '../engines/install-tensorflow.js';
import { say } from '../terminal.js';

const HELP = `
tensorflow   TensorFlow, which trains: 0.9 GB, with --gpu 5.7 GB
onnx-cuda    what onnxruntime needs to compute by CUDA: 2.5 GB

Everything comes by pinned digests from npm and PyPI; what ties it together is compiled here with g++. It lies in the tools
folder (PROBITY_TOOLS). docs/engines.md says what runs where.

Examples:
  $ probity engine install tensorflow
  $ PROBITY_ENGINE=tensorflow probity up
  $ probity engine install onnx-cuda
  $ PROBITY_ONNX_DEVICE=cuda probity up
  $ probity doctor`;

/** `engine install`: what does not come with npm. */
export function addEngineCommands(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const engine = program.command('engine').description('Engines besides the one that comes with npm.');
  engine
    .command('install')
    .description('Install an engine, or verify the one that is installed.')
    .addArgument(new Argument('<engine>', 'which').choices(['tensorflow', 'onnx-cuda']))
    .option('--gpu', "of TensorFlow, the build for NVIDIA's devices, with its libraries")
    .addHelpText('after', HELP)
    .action(
      answering(context, async (name: string, { gpu = false }: { gpu?: boolean }) => {
        const { install, title, use } = engineOf(name, gpu);
        const installed = await install({
          environment: terminal.environment,
          onProgress: (line) => say(terminal, line),
        });
        const what = `${title} ${installed.version} (${installed.device}) at "${installed.folder}"`;
        const text = installed.isNew
          ? `Installed ${what}. ${use}`
          : `${what} is installed; every file is as it was made`;
        return { json: installed, text };
      }),
    );
}

interface InstallableEngine {
  readonly title: string;
  readonly install: (options: InstallOptions) => Promise<Installed>;
  readonly use: string;
}

/** @throws {ProbityError} `INVALID_INPUT` where the option is of another engine */
function engineOf(name: string, gpu: boolean): InstallableEngine {
  if (name === 'tensorflow') {
    const device = gpu ? 'gpu' : 'cpu';
    const install = (options: InstallOptions) => installTensorFlow({ device, ...options });
    return { title: 'TensorFlow', install, use: 'PROBITY_ENGINE=tensorflow trains with it' };
  }
  requireInput(
    !gpu,
    'Cannot install onnx-cuda with --gpu: the option is of tensorflow; onnx-cuda is for GPUs in any case',
  );
  return { title: 'onnxruntime', install: installOnnxCuda, use: 'PROBITY_ONNX_DEVICE=cuda computes with it' };
}
