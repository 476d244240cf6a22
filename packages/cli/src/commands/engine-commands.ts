import { measurementPath } from '@probity/connections/machine-measurement';
import { MEASURE_COMMAND, wasBusy } from '@probity/core/engines/machine-measurement';
import { chooseByMeasurement } from '@probity/core/engines/measured-choice';
import { Argument, type Command } from 'commander';
import { requireInput } from '@probity/core/errors';
import { answering, type CommandContext } from '../answer.js';
import type { Installed, InstallOptions } from '../engines/install-engine.js';
import { installOnnxCuda } from '../engines/install-onnx-cuda.js';
import { installTensorFlow } from '../engines/install-tensorflow.js';
import { keepMeasurement, requireRoomForMeasurement } from '../engines/keep-measurement.js';
import { measureMachine } from '../engines/measure-machine.js';
import { EXIT } from '../exit-codes.js';
import { describeMeasurement } from '../print/measurement.js';
import { withFileLock } from '../stack/file-lock.js';
import { say, settingsOf } from '../terminal.js';

const HELP = `
tensorflow   TensorFlow, which trains: 0.9 GB, with --gpu 5.7 GB
onnx-cuda    what onnxruntime needs to compute by CUDA: 2.5 GB

Everything comes by pinned digests from npm and PyPI; what ties it together is compiled here with g++. It lies in the tools
folder (PROBITY_TOOLS). docs/engines.md says what runs where.

Examples:
  $ probity engine install tensorflow
  $ probity engine measure
  $ PROBITY_ENGINE=tensorflow probity up
  $ probity engine install onnx-cuda
  $ PROBITY_ONNX_DEVICE=cuda probity up
  $ probity doctor`;

const MEASURE_HELP = `
Trains the network of a campaign whose file names none, on noise, for about two minutes: every engine that is installed, with
several numbers of jobs side by side. What comes of it is kept in the tools folder (PROBITY_TOOLS), for this machine, these
versions and these settings only. docs/engines.md says how it decides. Let the machine do nothing else meanwhile: where others
held more than a fifth of its cores, nothing is kept.

Examples:
  $ probity engine measure
  $ probity engine measure --json
  $ probity doctor`;

/** `engine install` and `engine measure`: what does not come with npm, and which one this machine likes. */
export function addEngineCommands(program: Command, context: CommandContext): void {
  const engine = program
    .command('engine')
    .description('Engines: install what does not come with npm, measure what is there.');
  addInstallCommand(engine, context);
  addMeasureCommand(engine, context);
}

function addMeasureCommand(engine: Command, context: CommandContext): void {
  const { terminal } = context;
  engine
    .command('measure')
    .description('Measure what trains fastest on this machine, and with how many jobs; workers then go by it.')
    .addHelpText('after', MEASURE_HELP)
    .action(
      answering(context, async () => {
        const { tools, engine: settings } = settingsOf(terminal);
        await requireRoomForMeasurement(tools);
        const measurement = await withFileLock(`${measurementPath(tools)}.lock`, () =>
          measureMachine({
            tools,
            engine: settings,
            environment: terminal.environment,
            onProgress: (line) => say(terminal, line),
          }),
        );
        if (wasBusy(measurement)) {
          return { json: { measurement }, text: describeMeasurement(measurement), exitCode: EXIT.failed };
        }
        const path = await keepMeasurement(tools, measurement);
        const json = { path, chosen: chooseByMeasurement(measurement), measurement };
        return { json, text: describeMeasurement(measurement, path) };
      }),
    );
}

function addInstallCommand(engine: Command, context: CommandContext): void {
  const { terminal } = context;
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
        const state = installed.isNew ? `Installed ${what}` : `${what} is installed; every file is as it was made`;
        const text = `${state}. ${use}`;
        return { json: installed, text };
      }),
    );
}

interface InstallableEngine {
  readonly title: string;
  readonly install: (options: InstallOptions) => Promise<Installed>;
  readonly use: string;
}

/** @throws {ProbityError} `INVALID_INPUT` where the option is of another engine. */
function engineOf(name: string, gpu: boolean): InstallableEngine {
  if (name === 'tensorflow') {
    const device = gpu ? 'gpu' : 'cpu';
    const install = (options: InstallOptions) => installTensorFlow({ device, ...options });
    const use = `"${MEASURE_COMMAND}" finds out whether it trains faster here, and makes it train if so; PROBITY_ENGINE=tensorflow makes it train in any case`;
    return { title: 'TensorFlow', install, use };
  }
  requireInput(
    !gpu,
    'Cannot install onnx-cuda with --gpu: the option is of tensorflow; onnx-cuda is for GPUs in any case',
  );
  return { title: 'onnxruntime', install: installOnnxCuda, use: 'PROBITY_ONNX_DEVICE=cuda computes with it' };
}
