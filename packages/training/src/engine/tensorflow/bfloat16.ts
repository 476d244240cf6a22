import { readFileSync } from 'node:fs';
import { instructionsOf } from '@probity/core/engines/processor-instructions';
import type { TensorFlowDevice } from '@probity/core/engines/tensorflow-installation';
import type { Graph } from '@probity/tfjs-graph/graph';
import type { Convolutions } from '@probity/tfjs-graph/write-saved-model';
import type { StatefulExecutable } from '../engine.js';
import { mayPass } from '../library-call.js';
import { gradientOfSmallStep, relativeError, smallStep } from '../small-step.js';

/** Of processors that multiply in bfloat16; any other would have to emulate it. */
const INSTRUCTIONS = ['avx512_bf16', 'amx_bf16'];

/** @param processorInfo What Linux says of this machine's processors, unless told. */
export function processorHasBfloat16(processorInfo = readProcessorInfo()): boolean {
  const known = instructionsOf(processorInfo);
  return INSTRUCTIONS.some((name) => known.has(name));
}

/** The gradient of the small step differs by 0.04 for its rounded factors; without one tap of one filter by 0.13 or more. */
const ERROR_MAX = 0.08;

/** The small step with its convolutions in one of both. */
export type CompileSmallStep = (graph: Graph, convolutions: Convolutions) => Promise<StatefulExecutable>;

/**
 * Why convolutions in bfloat16 are of no use on this machine, as the end of a sentence; undefined where its processor has
 * instructions for them (a GPU has) and a small training step gives the gradient of float32 but for the rounding.
 *
 * @throws {ProbityError} `OUT_OF_MEMORY` or `DEVICE_LOST`, which leave the question open.
 */
export async function faultOfBfloat16(
  device: TensorFlowDevice,
  compile: CompileSmallStep,
  processorInfo = readProcessorInfo(),
): Promise<string | undefined> {
  if (device === 'cpu' && !processorHasBfloat16(processorInfo))
    return `this processor has no instructions for it (${INSTRUCTIONS.join(', ')})`;
  const graph = smallStep();
  const gradient = async (convolutions: Convolutions) => gradientOfSmallStep(graph, await compile(graph, convolutions));
  try {
    const error = relativeError(await gradient('bfloat16'), await gradient('float32'));
    if (error <= ERROR_MAX) return undefined;
    return `a small training step failed the self-test with a relative error of ${error.toPrecision(2)}`;
  } catch (cause) {
    if (mayPass(cause)) throw cause;
    return `a small training step did not run: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

function readProcessorInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return ''; // not Linux
  }
}
