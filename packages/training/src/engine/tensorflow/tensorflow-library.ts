import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  TENSORFLOW_BINDING,
  TENSORFLOW_VERSION,
  tensorFlowBuild,
  type TensorFlowDevice,
} from '@probity/core/engines/tensorflow-installation';
import { ProbityError } from '@probity/core/errors';
import type { Numbers } from '@probity/tfjs-graph/graph';
import { unavailable, type InstalledLibrary } from '../installed-library.js';

/** What we use of tfjs-node's binding; sessions and tensors are known by numbers. Calls block until they are done. */
export interface TensorFlowLibrary {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_UINT8: number;
  readonly TF_BOOL: number;
  isUsingGpuDevice(): boolean;
  loadSavedModel(folder: string, tag: string): number;
  deleteSavedModel(session: number): void;
  createTensor(shape: readonly number[], type: number, data: Numbers): number;
  deleteTensor(tensor: number): void;
  tensorDataSync(tensor: number): Numbers;
  /** Names of tensors are joined by commas. */
  runSavedModel(session: number, fed: readonly number[], feeds: string, fetches: string): { readonly id: number }[];
}

export interface InstalledTensorFlow {
  /** `<tools>/tensorflow-…`, as `probity engine install tensorflow` makes it. */
  readonly folder: string;
  readonly device: TensorFlowDevice;
}

export interface LibraryOptions extends InstalledTensorFlow {
  readonly threads: number;
}

export const installedBuild = ({ folder, device }: InstalledTensorFlow): InstalledLibrary => ({
  folder,
  build: tensorFlowBuild(device),
});

/** TensorFlow has no call for any of these: it reads them from the environment when it is loaded, once a process. */
const environmentFor = (threads: number): Readonly<Record<string, string>> => ({
  TF_NUM_INTRAOP_THREADS: String(threads),
  TF_NUM_INTEROP_THREADS: '1', // operations one after the other: sums in one order
  TF_DETERMINISTIC_OPS: '1', // same bytes each time; what cannot promise that on a GPU is an error
  TF_FORCE_GPU_ALLOW_GROWTH: 'true', // jobs share a device
  TF_CPP_MIN_LOG_LEVEL: '2', // errors only
});

let loaded: (LibraryOptions & { readonly library: TensorFlowLibrary }) | undefined;

/**
 * Loads the library of an installation. A process has one, with one number of threads.
 *
 * @throws {ProbityError} `ENGINE_UNAVAILABLE`
 */
export function loadTensorFlow(options: LibraryOptions): TensorFlowLibrary {
  const { folder, threads } = options;
  if (loaded) {
    if (loaded.folder === folder && loaded.threads === threads) return loaded.library;
    const state = `this process has loaded "${loaded.folder}" for ${loaded.threads} thread(s), and that cannot be undone`;
    const message = `Cannot load TensorFlow at "${folder}" for ${threads} thread(s): ${state}. Use another process`;
    throw new ProbityError('ENGINE_UNAVAILABLE', message);
  }
  Object.assign(process.env, environmentFor(threads));
  const library = load(options);
  if (library.TF_Version !== TENSORFLOW_VERSION) {
    throw unavailable(
      installedBuild(options),
      `it says it is version ${library.TF_Version}, and ${TENSORFLOW_VERSION} is needed`,
    );
  }
  loaded = { ...options, library };
  return library;
}

function load(options: LibraryOptions): TensorFlowLibrary {
  try {
    return createRequire(import.meta.url)(join(options.folder, TENSORFLOW_BINDING)) as TensorFlowLibrary;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unavailable(installedBuild(options), `it does not load: ${reason}`, cause);
  }
}
