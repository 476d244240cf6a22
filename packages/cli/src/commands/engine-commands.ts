import { measurementPath } from '@probity/connections/machine-measurement';
import { MEASURE_COMMAND, wasBusy } from '@probity/core/engines/machine-measurement';
import { chooseByMeasurement } from '@probity/core/engines/measured-choice';
import { Argument, type Command } from 'commander';
import { answering, type CommandContext } from '../answer.js';
import { installTensorFlow } from '../engines/install-tensorflow.js';
import { keepMeasurement, requireRoomForMeasurement } from '../engines/keep-measurement.js';
import { measureMachine } from '../engines/measure-machine.js';
import { EXIT } from '../exit-codes.js';
import { describeMeasurement } from '../print/measurement.js';
import { withFileLock } from '../stack/file-lock.js';
import { say, settingsOf } from '../terminal.js';

const HELP = `
Everything comes by pinned digests: tfjs-node's binding from npm, compiled here with g++, and TensorFlow's library from
PyPI. It lies in the tools folder (PROBITY_TOOLS) and takes 0.9 GB, with --gpu 5.7 GB. docs/engines.md says what runs where.

Examples:
  $ probity engine install tensorflow
  $ probity engine measure
  $ PROBITY_ENGINE=tensorflow probity up
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
        const state = installed.isNew ? `Installed ${what}` : `${what} is installed; every file is as it was made`;
        const text = `${state}. "${MEASURE_COMMAND}" finds out whether it trains faster here, and makes it train if so; PROBITY_ENGINE=tensorflow makes it train in any case`;
        return { json: installed, text };
      }),
    );
}
