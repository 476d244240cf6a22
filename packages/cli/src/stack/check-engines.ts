import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineBuild } from '@probity/core/engines/engine-build';
import { ONNX_CUDA_BUILD } from '@probity/core/engines/onnx-cuda-installation';
import {
  TENSORFLOW_DEVICES,
  tensorFlowBuild,
  tensorFlowFolderName,
  tensorFlowInstallCommand,
  type TensorFlowDevice,
} from '@probity/core/engines/tensorflow-installation';
import type { Settings } from '@probity/connections/settings';
import { repositoryRoot } from '@probity/connections/tools-folder';
import { installationFaults } from '../engines/installed-files.js';
import { runCommand } from '../tools/run-command.js';
import { fault, ok, warning, type Finding } from './finding.js';

export type EnginesToCheck = Pick<Settings, 'engine' | 'tools' | 'jobs' | 'measured'>;

/** Makes both engines as a job does, self-test included, and prints what was chosen: a line a finding. */
const ENGINE_SCRIPT = `
  const [folder, onnxOptions, wanted, tools, measured] = process.argv.slice(1);
  const attempt = async (title, make) => {
    try {
      console.log(title + 'ok ' + (await make()));
    } catch (error) {
      console.log(title + 'fault ' + error.message);
      process.exit();
    }
  };
  const { createOnnxEngine } = await import(folder + 'onnx/onnx-engine.js');
  const { chooseTrainingEngine } = await import(folder + 'training-engine.js');
  let onnx;
  await attempt('predicts: ', async () => {
    onnx = await createOnnxEngine({ threads: 1, ...JSON.parse(onnxOptions) });
    console.log('complains: ' + (onnx.warning ?? ''));
    return onnx.name + ' predicts: ' + onnx.choice;
  });
  await attempt('trains: ', async () => {
    const { engine, reason, passedOver } = await chooseTrainingEngine({
      wanted, tools, threads: 1, onnx, measured: JSON.parse(measured),
    });
    console.log('passed over: ' + (passedOver ?? ''));
    return engine.name + ' trains: ' + reason;
  });
  process.exit();`;

const LIBRARY_ADVICE = 'Run "npm ci"; the platform must be one that onnxruntime supports';

/** What predicts, what trains, and what is installed for either. */
export async function checkEngines(settings: EnginesToCheck): Promise<Finding[]> {
  const installed = TENSORFLOW_DEVICES.filter((device) => existsSync(folderOf(settings, device)));
  const isNeeded = settings.engine.training.startsWith('tensorflow');
  const checked = installed.map((device) =>
    checkBuild(tensorFlowBuild(device), { title: `TensorFlow, ${device.toUpperCase()}`, isNeeded, ...settings }),
  );
  const builds = await Promise.all(checked);
  const none = ok('TensorFlow', `not installed; "${tensorFlowInstallCommand('cpu')}" does it`);
  return [
    ...(await checkChoice(settings)),
    ...checkJobs(settings),
    ...(builds.length === 0 ? [none] : builds),
    ...(await checkCuda(settings)),
  ];
}

/** In a process of its own, since a native library that does not fit may take its process down. */
async function checkChoice({
  engine: { device, layout, training },
  tools,
  measured,
}: EnginesToCheck): Promise<Finding[]> {
  const folder = pathToFileURL(join(repositoryRoot, 'packages/training/dist/engine/')).href;
  const args = [
    '--input-type=module',
    '-e',
    ENGINE_SCRIPT,
    folder,
    JSON.stringify({ device, layout, tools }),
    training,
    tools,
    JSON.stringify(measured),
  ];
  const { output, lastLine } = await runCommand(process.execPath, args, { timeoutSeconds: 120 });
  const said = (title: string) =>
    output
      .split('\n')
      .find((line) => line.startsWith(title))
      ?.slice(title.length);
  const predicts = said('predicts: ') ?? `fault ${lastLine}`;
  if (!predicts.startsWith('ok ')) {
    const advice = device === 'cpu' ? LIBRARY_ADVICE : 'Set PROBITY_ONNX_DEVICE to "cpu" until the device can be used';
    return [fault('Engine', `cannot be made: ${predicts.slice('fault '.length)}`, advice)];
  }
  const engine = engineFinding(predicts.slice('ok '.length), said('complains: '));
  const trains = said('trains: ') ?? `fault ${lastLine}`;
  const trainer = trains.slice(trains.indexOf(' ') + 1);
  if (trains.startsWith('ok ')) {
    return [engine, trainerFinding(trainer, said('passed over: '))];
  }
  return [engine, fault('Training engine', trainer, 'Or take PROBITY_ENGINE away')];
}

/** @param complaint What is wrong though the engine runs. */
export function engineFinding(made: string, complaint = ''): Finding {
  if (complaint === '') return ok('Engine', made);
  return warning('Engine', `${made}: ${complaint}`, 'Numbers are right. Report it with the versions that stand here');
}

/** @param passedOver The engine that was to train and cannot. */
function trainerFinding(trainer: string, passedOver = ''): Finding {
  if (passedOver === '') return ok('Training engine', trainer);
  const look = passedOver === 'tensorflow-gpu' ? 'Look at "nvidia-smi"' : `Run "${tensorFlowInstallCommand('cpu')}"`;
  return warning('Training engine', trainer, `${look}, or set PROBITY_ENGINE to "onnx"`);
}

/** How many jobs run and why; that there is no measurement is worth knowing, that one is not used is a warning. */
function checkJobs({ jobs: { slots, threads, reason }, measured }: EnginesToCheck): Finding[] {
  const jobs = ok('Jobs', `${slots} side by side, threads of each: ${threads}: ${reason}`);
  switch (measured.state) {
    case 'usable':
      return [jobs];
    case 'absent':
      return [jobs, ok('Measurement', measured.sentence)];
    case 'ignored':
      return [jobs, warning('Measurement', measured.sentence, 'Or remove the file: the rule holds then')];
  }
}

const folderOf = ({ tools }: EnginesToCheck, device: TensorFlowDevice): string =>
  join(tools, tensorFlowFolderName(device));

/** What makes onnxruntime compute by CUDA, where it is installed. */
async function checkCuda({ engine, tools }: EnginesToCheck): Promise<Finding[]> {
  if (!existsSync(join(tools, ONNX_CUDA_BUILD.folderName))) return [];
  const { title } = ONNX_CUDA_BUILD;
  return [await checkBuild(ONNX_CUDA_BUILD, { title, isNeeded: engine.device === 'cuda', tools })];
}

interface BuildToCheck extends Pick<EnginesToCheck, 'tools'> {
  readonly title: string;
  /** Whether it is what was asked for. */
  readonly isNeeded: boolean;
}

async function checkBuild(build: EngineBuild, { title, isNeeded, tools }: BuildToCheck): Promise<Finding> {
  const folder = join(tools, build.folderName);
  const faults = await installationFaults(folder);
  if (faults.length === 0) return ok(title, `version ${build.version} at "${folder}", every file as it was made`);
  const finding = isNeeded ? fault : warning;
  return finding(title, `at "${folder}": ${faults.join('; ')}`, `Run "${build.installCommand}"`);
}
