import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tensorFlowFolderName } from '@probity/core/engines/tensorflow-installation';
import { ProbityError } from '@probity/core/errors';
import type { Engine } from './engine.js';
import { createTensorFlowEngine } from './tensorflow/tensorflow-engine.js';

export interface TrainingEngineOptions {
  /** `auto`: TensorFlow where its build for GPUs is installed and finds one, else ONNX. */
  readonly wanted: 'auto' | 'onnx' | 'tensorflow';
  /** The folder of what was fetched and installed. */
  readonly tools: string;
  readonly threads: number;
  /** What predicts, and trains where nothing else does. */
  readonly onnx: Engine;
}

export interface TrainingEngine {
  readonly engine: Engine;
  /** Why this one trains, in a sentence. */
  readonly reason: string;
}

/**
 * Chooses what trains. On processors both take about the same time for a step
 * (docs/decisions/0012-tensorflow-as-second-runtime.md), so what comes with npm trains there unless told.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where TensorFlow was asked for by name and cannot be used.
 */
export async function chooseTrainingEngine({
  wanted,
  tools,
  threads,
  onnx,
}: TrainingEngineOptions): Promise<TrainingEngine> {
  if (wanted === 'onnx') return { engine: onnx, reason: 'as asked for' };
  const folderOf = (device: 'cpu' | 'gpu') => join(tools, tensorFlowFolderName(device));
  const hasGpuBuild = existsSync(folderOf('gpu'));
  if (wanted === 'tensorflow') {
    const device = hasGpuBuild ? 'gpu' : 'cpu';
    const engine = await createTensorFlowEngine({ folder: folderOf(device), device, threads });
    return { engine, reason: `as asked for; ${engine.choice}` };
  }
  if (!hasGpuBuild) return { engine: onnx, reason: 'TensorFlow for GPUs is not installed' };
  try {
    const engine = await createTensorFlowEngine({ folder: folderOf('gpu'), device: 'gpu', threads });
    return { engine, reason: engine.choice };
  } catch (error) {
    if (!(error instanceof ProbityError) || error.code !== 'ENGINE_UNAVAILABLE') throw error;
    return { engine: onnx, reason: error.message };
  }
}
