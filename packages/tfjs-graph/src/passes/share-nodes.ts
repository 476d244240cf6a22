import type { Graph, GraphNode, Value } from '../graph.js';

/** Computes once what is computed twice: of nodes that say the same of the same values the first stays. */
export function shareNodes(graph: Graph): Graph {
  const first = new Map<string, GraphNode>();
  const replaced = new Map<number, Value>();
  const swap = (value: Value): Value => {
    const known = replaced.get(value.id);
    return known ? { ...known, shape: value.shape } : value;
  };
  const nodes = graph.nodes.flatMap((given) => {
    const node = { ...given, inputs: given.inputs.map(swap) };
    const { operation, inputs, attributes, outputs } = node;
    const words = wordsOf([
      operation,
      inputs.map(({ id, shape }) => [id, shape]),
      attributes,
      outputs.map(({ shape, dtype }) => [shape, dtype]),
    ]);
    const known = first.get(words);
    if (!known) {
      first.set(words, node);
      return [node];
    }
    outputs.forEach(({ id }, i) => replaced.set(id, known.outputs[i]!));
    return [];
  });
  return { ...graph, nodes, outputs: graph.outputs.map(({ name, value }) => ({ name, value: swap(value) })) };
}

/** Equal for what is equal. JSON has no word for 0 with a sign, nor for numbers that are none. */
export const wordsOf = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'number' && (!Number.isFinite(member) || Object.is(member, -0))
      ? `number ${1 / member} ${member}`
      : member,
  );
