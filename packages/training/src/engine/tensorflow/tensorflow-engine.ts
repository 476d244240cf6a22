import { TENSORFLOW_VERSION } from '@probity/core/engines/tensorflow-installation';
import { ProbityError, requireInput } from '@probity/core/errors';
import type { Convolutions } from '@probity/tfjs-graph/write-saved-model';
import type { Engine, Executable, StatefulExecutable } from '../engine.js';
import { requireInstalled } from '../installed-library.js';
import { onlyStep } from '../only-step.js';
import { SMALL_STATE } from '../small-step.js';
import { faultOfBfloat16 } from './bfloat16.js';
import { SavedModelSession, type ClockedLibrary } from './saved-model-session.js';
import { installedBuild, loadTensorFlow, type InstalledTensorFlow } from './tensorflow-library.js';

export interface TensorFlowEngineOptions extends InstalledTensorFlow {
  /** Threads of one call, 1 or more. */
  readonly threads: number;
  /** `float32` unless told. */
  readonly convolutions?: Convolutions;
}

/** A scalar for a signature that needs nothing but to be called. */
const CALL = { call: Float32Array.of(0) };

/**
 * The engine on TensorFlow's own library, as `probity engine install tensorflow` makes it. State stays in the library's
 * variables, on a GPU in the device's memory. Results may differ in the last bits between thread counts.
 *
 * A process has one library with one number of threads.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where it is not installed, damaged, of another version, or does not load; also
 *   where the GPU was asked for and is not used, and where bfloat16 was asked for and the device does not have it.
 */
export async function createTensorFlowEngine(options: TensorFlowEngineOptions): Promise<Engine> {
  const { folder, threads, device, convolutions = 'float32' } = options;
  requireInput(
    Number.isInteger(threads) && threads >= 1,
    `Cannot make an engine of ${threads} threads: it needs a whole number, 1 or more`,
  );
  await requireInstalled(installedBuild(options));
  const library = loadTensorFlow(options);
  if (device === 'gpu' && !library.isUsingGpuDevice()) throw withoutGpu(folder);
  const clocked: ClockedLibrary = { library, busyMilliseconds: 0 };
  const inBfloat16 = convolutions === 'bfloat16';
  if (inBfloat16) {
    const fault = await faultOfBfloat16(device, async (graph, of) =>
      statefulExecutable(await SavedModelSession.open(clocked, graph, { state: SMALL_STATE, convolutions: of })),
    );
    if (fault !== undefined) throw withoutBfloat16(folder, fault);
  }
  const where = `computing on the ${device === 'gpu' ? 'GPU' : 'CPU'}`;
  return {
    name: `tensorflow-${device}${inBfloat16 ? '-bfloat16' : ''}`,
    choice: `TensorFlow ${TENSORFLOW_VERSION} at "${folder}", ${where}${inBfloat16 ? ', convolutions in bfloat16' : ''}`,
    get busyMilliseconds() {
      return clocked.busyMilliseconds;
    },
    hasEightBits: () => Promise.resolve(false), // it trains; ONNX predicts
    compile: async (graph, { ranges } = {}) => {
      if (ranges)
        throw new Error('Bug: TensorFlow was asked for convolutions in 8 bits, which it says it does not have');
      return executable(await SavedModelSession.open(clocked, graph, { convolutions }));
    },
    compileStateful: async (graph, { state }) =>
      statefulExecutable(await SavedModelSession.open(clocked, graph, { state, convolutions })),
  };
}

const withoutGpu = (folder: string): ProbityError =>
  new ProbityError(
    'ENGINE_UNAVAILABLE',
    `Cannot train on a GPU with TensorFlow at "${folder}": it finds none that it can use. Look at "nvidia-smi" and at docs/engines.md, or set PROBITY_ENGINE to "onnx"`,
    { details: { folder } },
  );

const withoutBfloat16 = (folder: string, fault: string): ProbityError =>
  new ProbityError(
    'ENGINE_UNAVAILABLE',
    `Cannot train in bfloat16 with TensorFlow at "${folder}": ${fault}. Set PROBITY_ENGINE to "tensorflow" or "auto"`,
    { details: { folder } },
  );

const executable = (session: SavedModelSession): Executable => ({
  run: (feeds) => session.run(session.signatures.run, { ...CALL, ...feeds }),
  dispose: () => Promise.resolve(session.close()),
});

function statefulExecutable(session: SavedModelSession): StatefulExecutable {
  const { run, load, read } = session.signatures;
  if (!load || !read) throw new Error('Bug: a graph of state was written without its signatures');
  return {
    stepsAtOnce: 1, // a run that failed behind its first step would leave another state than it found
    load: async (state) => void (await session.run(load, state)),
    run: async (steps) => [await session.run(run, { ...CALL, ...onlyStep(steps) })],
    read: () => session.run(read, CALL),
    dispose: () => Promise.resolve(session.close()),
  };
}
