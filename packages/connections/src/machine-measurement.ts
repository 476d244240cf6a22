import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  differencesFrom,
  machineMeasurementSchema,
  MEASURE_COMMAND,
  MEASUREMENT_FILE,
  type MachineMeasurement,
} from '@probity/core/engines/machine-measurement';
import { ONNX_CUDA_BUILD } from '@probity/core/engines/onnx-cuda-installation';
import { ONNXRUNTIME_VERSION } from '@probity/core/engines/onnx-runtime';
import {
  TENSORFLOW_DEVICES,
  TENSORFLOW_VERSION,
  tensorFlowFolderName,
} from '@probity/core/engines/tensorflow-installation';
import { z } from 'zod';
import { describeMachine } from './machine.js';

export const measurementPath = (tools: string): string => join(tools, MEASUREMENT_FILE);

/** What a measurement must have been made on to hold here and now. */
export type Surroundings = Pick<MachineMeasurement, 'machine' | 'engines'>;

export function describeSurroundings(
  tools: string,
  { device, layout }: { device: 'cpu' | 'webgpu' | 'cuda'; layout: 'auto' | 'plain' | number },
): Surroundings {
  const installed = TENSORFLOW_DEVICES.filter((build) => existsSync(join(tools, tensorFlowFolderName(build))));
  const libraries = [
    `onnxruntime ${ONNXRUNTIME_VERSION}`,
    ...installed.map((build) => `tensorflow-${build} ${TENSORFLOW_VERSION}`),
    ...(existsSync(join(tools, ONNX_CUDA_BUILD.folderName)) ? [`onnxruntime for CUDA ${ONNX_CUDA_BUILD.version}`] : []),
  ];
  return { machine: describeMachine(), engines: { libraries, onnxDevice: device, onnxLayout: layout } };
}

/** What is known of this machine. Whatever there is and cannot be used is ignored out loud: `sentence` names it. */
export type KnownMeasurement =
  | { readonly state: 'usable'; readonly sentence: string; readonly measurement: MachineMeasurement }
  | { readonly state: 'absent' | 'ignored'; readonly sentence: string };

/** Reads what `probity engine measure` kept, if it holds for these surroundings. */
export function readMeasurement(tools: string, surroundings: Surroundings): KnownMeasurement {
  const path = measurementPath(tools);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { state: 'absent', sentence: `not measured: run "${MEASURE_COMMAND}"` };
    return ignored(path, `it cannot be read: ${message}`);
  }
  const measurement = parse(text);
  if (typeof measurement === 'string') return ignored(path, measurement);
  const differences = differencesFrom(measurement, surroundings);
  if (differences.length > 0)
    return ignored(path, `it is of another machine, other engines or other settings: ${differences.join('; ')}`);
  return { state: 'usable', sentence: `measured on ${measurement.measuredAt.slice(0, 10)}`, measurement };
}

const ignored = (path: string, state: string): KnownMeasurement => ({
  state: 'ignored',
  sentence: `the measurement "${path}" is ignored, ${state}. Run "${MEASURE_COMMAND}"`,
});

const versionSchema = z.object({ schemaVersion: z.int() });

/** The measurement, or what is wrong with it. */
function parse(text: string): MachineMeasurement | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is damaged: no JSON';
  }
  const parsed = machineMeasurementSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const version = versionSchema.safeParse(value).data?.schemaVersion;
  if (version !== undefined && version !== 1)
    return `it is of another version of Probity: schemaVersion ${version} instead of 1`;
  const { path, message } = parsed.error.issues[0]!;
  return `it is damaged: ${path.join('.') || 'its top'}: ${message}`;
}
