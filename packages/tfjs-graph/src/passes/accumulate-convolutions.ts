import type { Graph, GraphNode, Value } from '../graph.js';
import { countReads, GraphWriter } from './graph-edit.js';

const CONVOLUTIONS = ['Conv2D', 'Conv2DBackpropInput'];

/**
 * Writes a sum with a convolution that nothing else reads as one `AccumulatedConvolution`, which adds where it computes.
 * Its inputs are image, filter and what it is added to; its attribute `convolution` is the kernel it stands for.
 */
export function accumulateConvolutions(graph: Graph): Graph {
  const reads = countReads(graph);
  const writer = new GraphWriter(graph);
  const waiting = new Map<number, GraphNode>();
  const settle = ({ id }: Value) => {
    const convolution = waiting.get(id);
    if (!convolution) return;
    waiting.delete(id);
    writer.nodes.push(convolution);
  };
  for (const node of graph.nodes) {
    const [output] = node.outputs;
    if (isSum(node) && node.inputs.some(({ id }) => waiting.has(id))) {
      accumulate(node, waiting, writer);
      continue;
    }
    node.inputs.forEach(settle);
    if (CONVOLUTIONS.includes(node.operation) && reads(output!) === 1) waiting.set(output!.id, node);
    else writer.nodes.push(node);
  }
  for (const { value } of graph.outputs) settle(value);
  return writer.finish();
}

const isSum = ({ operation, inputs, outputs }: GraphNode): boolean =>
  (operation === 'Add' || operation === 'AddN') &&
  inputs.length > 1 &&
  inputs.every(({ shape }) => shape.join() === outputs[0]!.shape.join());

/** The sum, one convolution after the other; the first summand is whatever is not one, or the first of them. */
function accumulate(sum: GraphNode, waiting: Map<number, GraphNode>, writer: GraphWriter): void {
  const convolutions = sum.inputs.flatMap(({ id }) => waiting.get(id) ?? []);
  for (const { outputs } of convolutions) waiting.delete(outputs[0]!.id);
  const others = sum.inputs.filter((value) => !convolutions.some(({ outputs }) => outputs[0]!.id === value.id));
  let total = others.length > 1 ? writer.add('AddN', others, { shape: others[0]!.shape }) : others[0];
  convolutions.forEach((convolution, i) => {
    const output = i === convolutions.length - 1 ? sum.outputs[0]! : convolution.outputs[0]!;
    writer.nodes.push(total ? onto(total, convolution, output) : convolution);
    total = output;
  });
}

const onto = (addend: Value, { operation, inputs, attributes }: GraphNode, output: Value): GraphNode => ({
  operation: 'AccumulatedConvolution',
  inputs: [...inputs, addend],
  attributes: { ...attributes, convolution: operation },
  outputs: [output],
});
