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
  try {
    const module = (await import(name)) as OnnxRuntime & { default?: OnnxRuntime };
    return module.default ?? module;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot load the engine "${name}": ${reason}. Run "probity doctor" to see what this machine lacks`;
    throw new ProbityError('ENGINE_UNAVAILABLE', message, { cause });
  }
}
