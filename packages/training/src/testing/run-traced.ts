import type { Numbers } from '@probity/tfjs-graph/graph';
import { trace, type InputSpec, type TensorRecord } from '@probity/tfjs-graph/trace';
import type { Engine } from '../engine/engine.js';

export interface Fed {
  readonly shape: readonly number[];
  readonly values: Iterable<number>;
}

/** Traces a function of float32 tensors, runs it once in the engine, and gives its outputs. */
export async function runTraced(
  engine: Engine,
  inputs: Readonly<Record<string, Fed>>,
  fn: (tensors: TensorRecord) => TensorRecord,
): Promise<Record<string, Numbers>> {
  const entries = Object.entries(inputs);
  const specs = entries.map(([name, { shape }]): [string, InputSpec] => [name, { shape, dtype: 'float32' }]);
  const executable = await engine.compile(trace(fn, Object.fromEntries(specs)));
  try {
    return await executable.run(
      Object.fromEntries(entries.map(([name, { values }]) => [name, Float32Array.from(values)])),
    );
  } finally {
    await executable.dispose();
  }
}
