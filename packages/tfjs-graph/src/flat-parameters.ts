import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs';
import { GraphError, sizeOf } from './graph.js';

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Where each named parameter lies in one flat vector. */
export interface ParameterLayout {
  readonly parameters: readonly (ParameterSpec & { readonly offset: number; readonly size: number })[];
  /** Length of the flat vector. */
  readonly parameterCount: number;
}

/** Lays parameters one behind the other, in the order given. @throws {GraphError} `TRACE_INVALID` on a repeated name. */
export function layParameters(specs: readonly ParameterSpec[]): ParameterLayout {
  let offset = 0;
  const names = new Set<string>();
  const parameters = specs.map((spec) => {
    if (names.has(spec.name))
      throw new GraphError('TRACE_INVALID', `Cannot lay parameters: "${spec.name}" is named twice`);
    names.add(spec.name);
    const placed = { ...spec, offset, size: sizeOf(spec.shape) };
    offset += placed.size;
    return placed;
  });
  return { parameters, parameterCount: offset };
}

export interface UnflattenOptions {
  /** Parameters that are read as they are and get a gradient of zero; none unless told. */
  readonly isFrozen?: (name: string) => boolean;
}

/**
 * Cuts the flat vector into its parameters, inside a traced function: the gradient with respect to the vector is then
 * one vector again, and an optimiser needs no list of tensors.
 */
export function unflatten(
  weights: Tensor1D,
  layout: ParameterLayout,
  { isFrozen = () => false }: UnflattenOptions = {},
): (name: string) => Tensor {
  const parts = tf.split(
    weights,
    layout.parameters.map(({ size }) => size),
  );
  const named = new Map(
    layout.parameters.map(({ name, shape }, i) => {
      const part = isFrozen(name) ? withoutGradient(parts[i]!) : parts[i]!;
      return [name, tf.reshape(part, [...shape])];
    }),
  );
  return (name) => {
    const tensor = named.get(name);
    if (!tensor) throw new GraphError('TRACE_INVALID', `Cannot find parameter "${name}": the layout does not name it`);
    return tensor;
  };
}

/** What led to its gradient is then read by nobody, and is not part of the graph. */
const withoutGradient = tf.customGrad((...args: unknown[]) => {
  const [x] = args as [Tensor];
  return { value: tf.clone(x), gradFunc: () => tf.zeros(x.shape) };
}) as (x: Tensor) => Tensor;
