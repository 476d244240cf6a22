import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readSettings } from '@probity/connections/settings';
import { tensorFlowBuild } from '@probity/core/engines/tensorflow-installation';
import type { OnnxDevice } from '@probity/training/engine/onnx/device';
import { RivalProcess } from '../rival-process.js';

/** Something that was looked for, or why it is not there. */
export type Found<Thing> = { readonly found: Thing } | { readonly lack: string };

export interface GpuFindings {
  /** Devices and driver as `nvidia-smi` names them: what PyTorch needs. */
  readonly driver: Found<string>;
  /** What trains: the folder of TensorFlow's build for GPUs. */
  readonly training: Found<{ readonly folder: string }>;
  /** The same with convolutions in bfloat16. */
  readonly trainingInBfloat16: Found<{ readonly folder: string }>;
  /** What predicts: onnxruntime on the device of `PROBITY_ONNX_DEVICE`, CUDA unless another is set. */
  readonly prediction: Found<{ readonly device: OnnxDevice; readonly tools: string }>;
}

/** Looks for everything that a measurement on a GPU needs. @param program The process that tries the engines. */
export async function findGpu(environment: NodeJS.ProcessEnv, program: string): Promise<GpuFindings> {
  const { tools, engine } = readSettings(environment);
  const folder = join(tools, tensorFlowBuild('gpu').folderName);
  const device = engine.device === 'cpu' ? 'cuda' : engine.device;
  const [tensorFlow, bfloat16, onnx] = await Promise.all([
    tryEngine(program, { command: 'tensorFlow', folder, convolutions: 'float32' }),
    tryEngine(program, { command: 'tensorFlow', folder, convolutions: 'bfloat16' }),
    tryEngine(program, { command: 'onnx', device, tools }),
  ]);
  return {
    driver: findDriver(environment),
    training: tensorFlow === undefined ? { found: { folder } } : { lack: tensorFlow },
    trainingInBfloat16: bfloat16 === undefined ? { found: { folder } } : { lack: bfloat16 },
    prediction: onnx === undefined ? { found: { device, tools } } : { lack: onnx },
  };
}

function findDriver(environment: NodeJS.ProcessEnv): Found<string> {
  const args = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
  const { status, stdout, stderr, error } = spawnSync('nvidia-smi', args, { encoding: 'utf8', env: environment });
  if (error) return { lack: `"nvidia-smi" does not run from the PATH (${error.message})` };
  const said = `${stdout}${stderr}`.trim().split('\n');
  return status === 0 ? { found: said.join('; ') } : { lack: `"nvidia-smi" says: ${said.at(-1)}` };
}

/** @returns What the engine lacks; `undefined` where it can be made. A library that takes its process down lacks something too. */
async function tryEngine(program: string, request: Record<string, unknown>): Promise<string | undefined> {
  const child = new RivalProcess(process.execPath, [program]);
  try {
    const { lack } = await child.ask(request);
    await child.end();
    return lack as string | undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why nothing can be measured, in a paragraph; `undefined` where something can. */
export function skipReason({ driver, training, prediction }: GpuFindings): string | undefined {
  if ('found' in driver && ('found' in training || 'found' in prediction)) return undefined;
  const line = (what: string, thing: Found<unknown>) => `${what}: ${'found' in thing ? 'found' : thing.lack}.`;
  return [
    'gpu: skipped, nothing is measured and nothing is reported: there is no GPU that both sides can use. Looked for',
    line("NVIDIA's driver, for PyTorch", driver),
    line('What trains on a GPU', training),
    line('What predicts on one', prediction),
  ].join(' ');
}

/** What is left out although the rest is measured, a sentence each. */
export const leftOut = ({ training, trainingInBfloat16, prediction }: GpuFindings): string[] =>
  Object.entries({ training, 'training in bfloat16': trainingInBfloat16, prediction }).flatMap(([what, thing]) =>
    'lack' in thing ? [`gpu: no row of ${what}: ${thing.lack}`] : [],
  );
