import { numberOf } from '../attributes.js';
import { pruneGraph, type Graph, type GraphNode, type Value } from '../graph.js';

/**
 * Writes a product with a `Step` as one `ReluGrad` of the other factor and what the step is taken of: one pass over the
 * numbers instead of three.
 */
export function fuseReluGrad(graph: Graph): Graph {
  const steps = new Map<number, Value>();
  const nodes = graph.nodes.map((node): GraphNode => {
    const [output] = node.outputs;
    if (isPlainStep(node)) steps.set(output!.id, node.inputs[0]!);
    const at = node.operation === 'Multiply' ? node.inputs.findLastIndex(({ id }) => steps.has(id)) : -1;
    if (at < 0) return node;
    const inputs = [node.inputs[1 - at]!, steps.get(node.inputs[at]!.id)!];
    if (inputs.some(({ shape }) => shape.join() !== output!.shape.join())) return node;
    return { operation: 'ReluGrad', inputs, attributes: {}, outputs: node.outputs };
  });
  return pruneGraph({ ...graph, nodes });
}

const isPlainStep = ({ operation, inputs, attributes }: GraphNode): boolean =>
  operation === 'Step' && inputs[0]!.dtype === 'float32' && numberOf(attributes, 'alpha', 0) === 0;
