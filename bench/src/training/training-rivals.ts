import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchmarkSpec, peerShape } from '../benchmark-network.js';
import { processorHasBfloat16 } from '@probity/training/engine/tensorflow/bfloat16';
import { installedTensorFlow } from '../installed-tensorflow.js';
import { pythonFolder, requirePython } from '../python-environment.js';
import { RivalProcess } from '../rival-process.js';
import type { TrainingSetting } from './training-settings.js';

const ourStep = fileURLToPath(new URL('./our-step.js', import.meta.url));

/** As many processes as the setting has jobs, all of one kind. */
export interface Crew {
  readonly name: string;
  readonly processes: readonly RivalProcess[];
}

export const TENSORFLOW_CREW = 'TensorFlow engine';
/** The same with its convolutions in bfloat16. */
export const BFLOAT16_CREW = 'TensorFlow engine in bfloat16';
export const EAGER_CREW = 'PyTorch eager';
/** With automatic mixed precision: whatever PyTorch knows to bear it is in bfloat16. */
export const EAGER_BFLOAT16_CREW = 'PyTorch eager in bfloat16';

export interface Crews {
  /**
   * Ours, PyTorch eager and, where asked for, PyTorch compiled; our step on TensorFlow where that is installed, and both in
   * bfloat16 where the processor has it.
   */
  readonly crews: readonly Crew[];
  readonly parameters: number;
  readonly torch: string;
}

/** Starts and loads everybody. @param weights File of the flat weight vector that all begin with. */
export async function startCrews(setting: TrainingSetting, weights: string): Promise<Crews> {
  const { baseWidth, threads, jobs, withCompiled } = setting;
  const spec = benchmarkSpec(baseWidth);
  const crew = (name: string, start: () => RivalProcess): Crew => ({
    name,
    processes: Array.from({ length: jobs }, start),
  });
  const python = () => new RivalProcess(requirePython(), [join(pythonFolder, 'peer.py')]);
  const startOurs = () => new RivalProcess(process.execPath, [ourStep]);
  const ours = crew('ours', startOurs);
  const eager = crew(EAGER_CREW, python);
  const compiled = withCompiled ? [crew('PyTorch compiled', python)] : [];
  const tensorFlow = jobs === 1 ? installedTensorFlow('training') : undefined;
  const second = tensorFlow === undefined ? [] : [crew(TENSORFLOW_CREW, startOurs)];
  const hasBfloat16 = tensorFlow !== undefined && processorHasBfloat16();
  const narrow = hasBfloat16 ? [crew(BFLOAT16_CREW, startOurs)] : [];
  const eagerNarrow = hasBfloat16 ? [crew(EAGER_BFLOAT16_CREW, python)] : [];
  const load = { ...peerShape(spec, { weights, threads }) };
  const loadOurs = { command: 'load', weights, threads, baseWidth };
  const answers = await Promise.all([
    ...ours.processes.map((one) => one.ask(loadOurs)),
    ...second.flatMap(({ processes }) => processes.map((one) => one.ask({ ...loadOurs, tensorFlow }))),
    ...narrow.flatMap(({ processes }) =>
      processes.map((one) => one.ask({ ...loadOurs, tensorFlow, convolutions: 'bfloat16' })),
    ),
    ...eager.processes.map((one) => one.ask(load)),
    ...eagerNarrow.flatMap(({ processes }) => processes.map((one) => one.ask({ ...load, bfloat16: true }))),
    ...compiled.flatMap(({ processes }) => processes.map((one) => one.ask({ ...load, compile: true }))),
  ]);
  const parameters = new Set(answers.map((answer) => Number(answer['parameters'])));
  if (parameters.size > 1) throw new Error(`Bug: the networks differ: ${[...parameters].join(', ')} parameters`);
  return {
    crews: [ours, eager, ...compiled, ...eagerNarrow, ...second, ...narrow],
    parameters: [...parameters][0]!,
    torch: String(answers.find((answer) => answer['torch'] !== undefined)!['torch']),
  };
}

/** Milliseconds a step of one process, while all of its crew make theirs. */
export async function timeSteps({ processes }: Crew, steps: number): Promise<number> {
  if (processes.length === 1) {
    let sum = 0;
    for (let i = 0; i < steps; i++) sum += await processes[0]!.time('step');
    return sum / steps;
  }
  const began = performance.now();
  await Promise.all(
    processes.map(async (one) => {
      for (let i = 0; i < steps; i++) await one.time('step');
    }),
  );
  return (performance.now() - began) / steps;
}

export const endCrews = async ({ crews }: Crews): Promise<void> => {
  await Promise.all(crews.flatMap(({ processes }) => processes.map((one) => one.end())));
};
