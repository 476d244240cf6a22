import { ProbityError, requireInput } from '@probity/core/errors';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import type { Engine } from '../engine.js';
import { BusyClock } from './busy-clock.js';
import { loadCudaLibrary } from './cuda-library.js';
import { formOnDevice, type OnnxDevice } from './device.js';
import { addsUpInEightBits } from './eight-bit-test.js';
import { formOnCpu, type ImageLayout } from './image-layout.js';
import { loadLibrary } from './onnx-library.js';
import { executableOf, OnnxSession } from './onnx-session.js';

export interface OnnxEngineOptions {
  /** Threads of one call, 1 or more. */
  readonly threads: number;
  /** What computes; `cpu` unless told. */
  readonly device?: OnnxDevice;
  /** How images lie in the memory of a CPU; `auto` unless told. */
  readonly layout?: ImageLayout;
  /** The folder of what was fetched and installed, where the libraries for CUDA lie. Needed for `cuda`. */
  readonly tools?: string;
}

/**
 * The engine on onnxruntime, from the npm package alone but for CUDA. Results may differ in the last bits between thread counts, layouts
 * and devices, so all of them belong to the device kind.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where the library does not load or a layout or device that was asked for fails.
 */
export async function createOnnxEngine({
  threads,
  device = 'cpu',
  layout = 'auto',
  tools,
}: OnnxEngineOptions): Promise<Engine> {
  requireInput(
    Number.isInteger(threads) && threads >= 1,
    `Cannot make an engine of ${threads} threads: it needs a whole number, 1 or more`,
  );
  const library = device === 'cuda' ? await loadCudaLibrary(requireTools(tools)) : await loadLibrary();
  const form = device === 'cpu' ? await formOnCpu(library, layout) : await formOnDevice(library, device);
  const { engineName, reason, warning, onnx, compileSteps } = form;
  const clock = new BusyClock();
  const open = OnnxSession.opener(library, clock, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // A plan of the memory is made while the first run allocates, and is allocated whole beside it from the second.
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...form.options,
  });
  let addsUp: Promise<boolean> | undefined;
  const hasEightBits = () => (addsUp ??= addsUpInEightBits(library));
  return {
    name: engineName,
    choice: `onnxruntime ${library.env.versions.node ?? 'of unknown version'}, ${reason}`,
    ...(warning !== undefined && { warning }),
    get busyMilliseconds() {
      return clock.busyMilliseconds;
    },
    hasEightBits,
    compile: async (graph, { isSmall = false, threads: given, ranges } = {}) => {
      if (ranges && !(await hasEightBits())) {
        throw new ProbityError(
          'ENGINE_UNAVAILABLE',
          'Cannot run convolutions in 8 bits: their sums come out wrong on this processor. Workers of a campaign with inference.precision int8 must be of the kind that calibrated it',
        );
      }
      const file = writeOnnx(graph, { ...onnx, ...(ranges && { ranges }) });
      const own = isSmall ? 1 : given;
      return executableOf(graph, await open(file, own === undefined ? {} : { intraOpNumThreads: own }));
    },
    ...(compileSteps && { compileStateful: (graph, { state }) => compileSteps(graph, state, { open, onnx }) }),
  };
}

function requireTools(tools: string | undefined): string {
  if (tools === undefined) throw new Error('Bug: the tools folder must be given with the device "cuda"');
  return tools;
}
