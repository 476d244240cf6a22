import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataType, Numbers } from '../graph.js';

/** What tests use of the N-API binding of tfjs-node. Sessions and tensors are known by numbers. */
export interface TensorFlowBinding {
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  createTensor(shape: readonly number[], type: number, data: Numbers): number;
  deleteTensor(tensor: number): void;
  /** Names are joined by commas. */
  runSavedModel(
    session: number,
    fed: readonly number[],
    feeds: string,
    fetches: string,
  ): { readonly id: number; readonly shape: readonly number[]; readonly dtype: number }[];
  tensorDataSync(tensor: number): Numbers;
}

const checkout = fileURLToPath(new URL('../../../../', import.meta.url));
const file = join(
  resolve(process.env['PROBITY_TOOLS'] ?? join(checkout, '.tools')),
  'tensorflow-2.21.0-cpu',
  'tfjs_binding.node',
);

/** TensorFlow, where the binding and its libraries are at hand. */
export const tensorFlow = existsSync(file) ? load() : undefined;

function load(): TensorFlowBinding {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'; // read when the library is loaded; warnings and worse remain
  return createRequire(import.meta.url)(file) as TensorFlowBinding;
}

/** In the title of what is skipped. */
export const tensorFlowTitle = tensorFlow ? 'in TensorFlow' : `in TensorFlow (skipped: there is no ${file})`;

export const bytesOf = (data: Numbers, dtype: DataType): Numbers => {
  if (dtype === 'float32') return Float32Array.from(data);
  return dtype === 'int32' ? Int32Array.from(data) : Uint8Array.from(data);
};
