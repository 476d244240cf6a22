import type { Graph, Numbers, Value } from './graph.js';

/** Constants larger than this are left alone: comparing them costs more than they weigh twice. */
const COMPARED_ELEMENTS_MAX = 65_536;

/** Lets equal constants be one, so that a scalar used in a hundred places is written once. */
export function shareConstants(graph: Graph): Graph {
  const first = new Map<string, Value>();
  const replaced = new Map<number, Value>();
  const constants = graph.constants.filter(({ value, data }) => {
    if (data.length > COMPARED_ELEMENTS_MAX) return true;
    const fingerprint = `${value.dtype}:${value.shape.join('x')}:${bytesOf(data)}`;
    const known = first.get(fingerprint);
    if (!known) {
      first.set(fingerprint, value);
      return true;
    }
    replaced.set(value.id, known);
    return false;
  });
  const swap = (value: Value): Value => {
    const known = replaced.get(value.id);
    return known ? { ...known, shape: value.shape } : value;
  };
  return { ...graph, constants, nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(swap) })) };
}

const bytesOf = (data: Numbers): string =>
  Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), (byte) => String.fromCharCode(byte)).join('');
