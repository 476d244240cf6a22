import { ProbityError } from '@probity/core/errors';
import type { InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';

/** The library is loaded when an engine is made, so that everything else works where it does not load. */
const LIBRARY = 'onnxruntime-node';

export interface OnnxRuntime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
  readonly env: { readonly versions: { readonly node?: string } };
}

/** @throws {ProbityError} `ENGINE_UNAVAILABLE` with what the loader said. */
export async function loadLibrary(name = LIBRARY): Promise<OnnxRuntime> {
  return asOnlyCopy(name, await importLibrary(name));
}

async function importLibrary(name: string): Promise<OnnxRuntime> {
  try {
    const module = (await import(name)) as OnnxRuntime & { default?: OnnxRuntime };
    return module.default ?? module;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot load the engine "${name}": ${reason}. Run "probity doctor" to see what this machine lacks`;
    throw new ProbityError('ENGINE_UNAVAILABLE', message, { cause });
  }
}

let copy: string | undefined;

/**
 * A process has one copy of onnxruntime: the binding of a second one is given the library of the first, which is known by
 * the same name.
 *
 * @param place Of the copy that was loaded.
 * @throws {ProbityError} `ENGINE_UNAVAILABLE` where it is the second.
 */
export function asOnlyCopy(place: string, library: OnnxRuntime): OnnxRuntime {
  copy ??= place;
  if (copy === place) return library;
  const state = `this process has loaded "${copy}", and that cannot be undone`;
  throw new ProbityError('ENGINE_UNAVAILABLE', `Cannot use onnxruntime at "${place}": ${state}. Use another process`);
}
