import type { Graph, GraphConstant, GraphNode, Numbers, Value } from '../graph.js';

/** Constants larger than this are left alone: comparing them costs more than they weigh twice. */
const COMPARED_ELEMENTS_MAX = 65_536;

/** Below this a constant of one repeated number is as short as the node that would make it. */
const FILLED_ELEMENTS_MIN = 32;

/** Lets equal constants be one, and writes large ones that repeat a single number as that number. */
export function shareConstants(graph: Graph): Graph {
  const first = new Map<string, Value>();
  const replaced = new Map<number, Value>();
  const filled: GraphNode[] = [];
  const constants = graph.constants.filter((constant) => {
    const { value, data } = constant;
    const fill = asFill(constant);
    if (fill === undefined && data.length > COMPARED_ELEMENTS_MAX) return true;
    const content = fill === undefined ? bytesOf(data) : String(data[0]);
    const fingerprint = `${value.dtype}:${value.shape.join('x')}:${content}`;
    const known = first.get(fingerprint);
    if (known) replaced.set(value.id, known);
    else first.set(fingerprint, value);
    if (!known && fill) filled.push(fill);
    return !known && !fill;
  });
  const swap = (value: Value): Value => {
    const known = replaced.get(value.id);
    return known ? { ...known, shape: value.shape } : value;
  };
  return {
    ...graph,
    constants,
    nodes: [...filled, ...graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(swap) }))],
  };
}

/** The node that makes a constant which repeats one number; such constants come from `tf.ones` and from gradients. */
function asFill({ value, data }: GraphConstant): GraphNode | undefined {
  const number = data[0];
  if (number === undefined || data.length < FILLED_ELEMENTS_MIN || !data.every((element) => element === number))
    return undefined;
  return {
    operation: 'Fill',
    inputs: [],
    attributes: { shape: value.shape, value: number, dtype: value.dtype },
    outputs: [value],
  };
}

const bytesOf = (data: Numbers): string =>
  Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), (byte) => String.fromCharCode(byte)).join(
    '',
  );
