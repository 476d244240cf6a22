import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tensorFlowFolderName, type TensorFlowDevice } from '@probity/core/engines/tensorflow-installation';
import { isOnnx, MEASURE_COMMAND } from '@probity/core/engines/machine-measurement';
import type { EngineByMeasurement } from '@probity/core/engines/measured-choice';
import { hasCode } from '@probity/core/errors';
import type { Engine } from './engine.js';
import { createTensorFlowEngine } from './tensorflow/tensorflow-engine.js';

export interface TrainingEngineOptions {
  /** `auto`: what was measured; where nothing was, TensorFlow where its build for GPUs is installed and finds one, else ONNX. */
  readonly wanted: 'auto' | 'onnx' | 'tensorflow' | 'tensorflow-bfloat16';
  /** The folder of what was fetched and installed. */
  readonly tools: string;
  readonly threads: number;
  /** What predicts, and trains where nothing else does. */
  readonly onnx: Engine;
  readonly measured: EngineByMeasurement;
}

export interface TrainingEngine {
  readonly engine: Engine;
  /** Why this one trains, in a sentence. */
  readonly reason: string;
  /** The engine that was to train and cannot be used here. */
  readonly passedOver?: string;
}

/**
 * Chooses what trains: what is asked for, else what a measurement of this machine says, else a rule. By the rule TensorFlow
 * trains on a GPU and ONNX on a processor (docs/decisions/0017-a-measured-choice.md).
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where TensorFlow was asked for by name and cannot be used, or not in bfloat16.
 */
export async function chooseTrainingEngine(options: TrainingEngineOptions): Promise<TrainingEngine> {
  const { wanted, tools, threads, onnx, measured } = options;
  if (wanted === 'onnx') return { engine: onnx, reason: 'as asked for' };
  const folderOf = (device: TensorFlowDevice) => join(tools, tensorFlowFolderName(device));
  const hasGpuBuild = existsSync(folderOf('gpu'));
  const convolutions = wanted === 'tensorflow-bfloat16' ? 'bfloat16' : 'float32';
  const tensorFlow = (device: TensorFlowDevice) =>
    createTensorFlowEngine({ folder: folderOf(device), device, threads, convolutions });
  if (wanted !== 'auto') {
    const engine = await tensorFlow(hasGpuBuild ? 'gpu' : 'cpu');
    return { engine, reason: `as asked for; ${engine.choice}` };
  }
  const { device, why, passedOver } = wish({ measured, onnx, hasGpuBuild });
  if (device === undefined) return { engine: onnx, reason: why, ...(passedOver !== undefined && { passedOver }) };
  try {
    const engine = await tensorFlow(device);
    return { engine, reason: `${why}; ${engine.choice}` };
  } catch (error) {
    if (!hasCode(error, 'ENGINE_UNAVAILABLE')) throw error;
    return { engine: onnx, reason: `${error.message}; ${why}`, passedOver: `tensorflow-${device}` };
  }
}

interface Wish {
  /** Of TensorFlow; absent: ONNX. */
  readonly device?: TensorFlowDevice;
  readonly why: string;
  readonly passedOver?: string;
}

function wish({
  measured,
  onnx,
  hasGpuBuild,
}: Pick<TrainingEngineOptions, 'measured' | 'onnx'> & { readonly hasGpuBuild: boolean }): Wish {
  if (measured.state === 'usable' && measured.measured.includes(onnx.name)) {
    const { engine, sentence: why } = measured;
    if (!isOnnx(engine)) return { device: engine === 'tensorflow-gpu' ? 'gpu' : 'cpu', why };
    const lacksGpu = hasGpuBuild && !measured.measured.includes('tensorflow-gpu');
    return { why, ...(lacksGpu && { passedOver: 'tensorflow-gpu' }) };
  }
  const why =
    measured.state === 'usable'
      ? `the measurement is ignored, it knows no ${onnx.name}. Run "${MEASURE_COMMAND}"`
      : measured.sentence;
  return hasGpuBuild ? { device: 'gpu', why } : { why: `TensorFlow for GPUs is not installed; ${why}` };
}
