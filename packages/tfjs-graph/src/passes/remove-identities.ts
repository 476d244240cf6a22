import { pruneGraph, type Graph, type Value } from '../graph.js';

/** Reads what an `Identity` or a reshape to the same shape reads, unless it is an output. TensorFlow.js makes one wherever a gradient keeps a tensor. */
export function removeIdentities(graph: Graph): Graph {
  const published = new Set(graph.outputs.map(({ value }) => value.id));
  const sources = new Map<number, Value>();
  const sourceOf = (value: Value): Value => sources.get(value.id) ?? value;
  const nodes = graph.nodes.map((node) => {
    const inputs = node.inputs.map(sourceOf);
    const [input, output] = [inputs[0], node.outputs[0]!];
    const changesNothing =
      node.operation === 'Identity' || (node.operation === 'Reshape' && input!.shape.join() === output.shape.join());
    if (changesNothing && !published.has(output.id)) sources.set(output.id, input!);
    return { ...node, inputs };
  });
  return pruneGraph({ ...graph, nodes });
}
