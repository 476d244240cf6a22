import type { Graph, GraphNode, Value } from '../graph.js';
import { countReads } from './graph-edit.js';

const CONVOLUTIONS = ['Conv2D', 'Conv2DBackpropInput'];

/**
 * Writes a sum with a convolution that nothing else reads as one `AccumulatedConvolution`, which adds where it computes.
 * Its inputs are image, filter and what it is added to; its attribute `convolution` is the kernel it stands for.
 */
export function accumulateConvolutions(graph: Graph): Graph {
  const reads = countReads(graph);
  const waiting = new Map<number, GraphNode>();
  const nodes: GraphNode[] = [];
  const settle = ({ id }: Value) => {
    const convolution = waiting.get(id);
    if (!convolution) return;
    waiting.delete(id);
    nodes.push(convolution);
  };
  for (const node of graph.nodes) {
    const [output] = node.outputs;
    if (isSum(node) && node.inputs.some(({ id }) => waiting.has(id))) {
      nodes.push(...accumulated(node, waiting));
      continue;
    }
    node.inputs.forEach(settle);
    if (CONVOLUTIONS.includes(node.operation) && reads(output!) === 1) waiting.set(output!.id, node);
    else nodes.push(node);
  }
  for (const { value } of graph.outputs) settle(value);
  return { ...graph, nodes };
}

const isSum = ({ operation, inputs, outputs }: GraphNode): boolean =>
  (operation === 'Add' || operation === 'AddN') &&
  inputs.length > 1 &&
  inputs.every(({ shape }) => shape.join() === outputs[0]!.shape.join());

/** The sum, one convolution after the other; the first summand is whatever is not one, or the first of them. */
function accumulated(sum: GraphNode, waiting: Map<number, GraphNode>): GraphNode[] {
  const convolutions = sum.inputs.flatMap(({ id }) => waiting.get(id) ?? []);
  for (const { outputs } of convolutions) waiting.delete(outputs[0]!.id);
  const others = sum.inputs.filter((value) => !convolutions.some(({ outputs }) => outputs[0]!.id === value.id));
  const nodes: GraphNode[] = [];
  let total = others[0];
  if (others.length > 1) {
    // Its own result has no reader but the next step; the sum's identity is free until the last.
    total = { ...sum.outputs[0]!, id: -sum.outputs[0]!.id };
    nodes.push({ operation: 'AddN', inputs: others, attributes: {}, outputs: [total] });
  }
  convolutions.forEach((convolution, i) => {
    const output = i === convolutions.length - 1 ? sum.outputs[0]! : convolution.outputs[0]!;
    nodes.push(total ? onto(total, convolution, output) : convolution);
    total = output;
  });
  return nodes;
}

const onto = (addend: Value, { operation, inputs, attributes }: GraphNode, output: Value): GraphNode => ({
  operation: 'AccumulatedConvolution',
  inputs: [...inputs, addend],
  attributes: { ...attributes, convolution: operation },
  outputs: [output],
});
