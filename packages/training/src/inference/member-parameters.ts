import { layParameters, unflatten, type ParameterLayout } from '@probity/tfjs-graph/flat-parameters';
import tf from '@tensorflow/tfjs';
import { bytesOf } from '../float-bytes.js';
import type { ParameterLookup } from '../models/network-shape.js';
import type { Network } from '../models/network.js';

/**
 * The parameters of several networks of one kind, as constants of a traced function. Members whose encoders are equal, as
 * forks that trained the decoder only have them, read the same tensors: what they compute alike is then computed once.
 *
 * @param members Flat weight vectors.
 */
export function memberParameters(
  { layout, encoderSize }: Pick<Network, 'layout' | 'encoderSize'>,
  members: readonly Float32Array[],
): ParameterLookup[] {
  const encoders: { readonly bytes: Uint8Array; readonly lookup: ParameterLookup }[] = [];
  return members.map((weights) => {
    const bytes = bytesOf(weights.subarray(0, encoderSize));
    let encoder = encoders.find((known) => Buffer.compare(known.bytes, bytes) === 0);
    if (!encoder) {
      encoder = { bytes, lookup: lookUpIn(weights.subarray(0, encoderSize), partOf(layout, 0, encoderSize)) };
      encoders.push(encoder);
    }
    const { lookup } = encoder;
    const rest = partOf(layout, encoderSize, layout.parameterCount);
    const decoder = lookUpIn(weights.subarray(encoderSize), rest);
    const names = new Set(rest.parameters.map(({ name }) => name));
    return (name) => (names.has(name) ? decoder(name) : lookup(name));
  });
}

const partOf = ({ parameters }: ParameterLayout, from: number, to: number): ParameterLayout =>
  layParameters(parameters.filter(({ offset }) => offset >= from && offset < to));

const lookUpIn = (weights: Float32Array, layout: ParameterLayout): ParameterLookup =>
  unflatten(tf.tensor1d(weights), layout);
