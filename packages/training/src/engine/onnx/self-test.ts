import type { Graph } from '@probity/tfjs-graph/graph';
import { writeOnnx } from '@probity/tfjs-graph/write-onnx';
import { withHostState } from '../host-state.js';
import { mayPass } from '../library-call.js';
import { gradientOfSmallStep, relativeError, SMALL_STATE, smallStep } from '../small-step.js';
import { BusyClock } from './busy-clock.js';
import type { CompileSteps, Form } from './form.js';
import type { OnnxRuntime } from './onnx-library.js';
import { executableOf, OnnxSession } from './onnx-session.js';

/** Two formulations of one step differ by rounding, some 1e-6; wrong ones, and one that begins at another state, by 0.05 or more. */
const ERROR_MAX = 1e-3;

type TestedForm = Pick<Form, 'onnx' | 'options' | 'compileSteps'>;

const PLAIN_ON_CPU: TestedForm = { onnx: {}, options: { executionProviders: ['cpu'] } };

/**
 * What a form does wrong on this machine, as the end of a sentence; undefined where a small training step gives the same
 * gradient, twice in a row, as by standard operators on the CPU.
 *
 * @throws {ProbityError} `OUT_OF_MEMORY` or `DEVICE_LOST`, which leave the question open.
 */
export async function faultOf(library: OnnxRuntime, form: TestedForm): Promise<string | undefined> {
  try {
    const graph = smallStep();
    const expected = await gradientOf(graph, library, PLAIN_ON_CPU);
    const error = relativeError(await gradientOf(graph, library, form), expected);
    return error <= ERROR_MAX ? undefined : `failed the self-test with a relative error of ${error.toPrecision(2)}`;
  } catch (cause) {
    if (mayPass(cause)) throw cause;
    return `did not run: ${messageOf(cause)}`;
  }
}

export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

async function gradientOf(
  graph: Graph,
  library: OnnxRuntime,
  { onnx, options, compileSteps = withStateOnHost }: TestedForm,
): Promise<Float32Array> {
  const quiet = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const open = OnnxSession.opener(library, new BusyClock(), { ...quiet, ...options });
  return gradientOfSmallStep(graph, await compileSteps(graph, SMALL_STATE, { open, onnx }));
}

const withStateOnHost: CompileSteps = async (graph, names, { open, onnx }) =>
  withHostState(executableOf(graph, await open(writeOnnx(graph, onnx))), names);
