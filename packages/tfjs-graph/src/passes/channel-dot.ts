import { axesOf } from '../attributes.js';
import { pruneGraph, type Graph, type GraphNode, type Value } from '../graph.js';
import { countReads } from './graph-edit.js';

/** The two images whose product a node is, if nothing else needs the product. */
function factorsOf(node: GraphNode | undefined): readonly [Value, Value] | undefined {
  if (node?.operation === 'Square') return [node.inputs[0]!, node.inputs[0]!];
  const [a, b] = node?.inputs ?? [];
  return node?.operation === 'Multiply' && a!.shape.join() === b!.shape.join() ? [a!, b!] : undefined;
}

/** True for a mean or sum over height and width of images. */
export function isOverPixels({ operation, inputs, attributes }: GraphNode): boolean {
  const image = inputs[0];
  return (
    (operation === 'Mean' || operation === 'Sum') &&
    image!.dtype === 'float32' &&
    image!.shape.length === 4 &&
    axesOf(attributes, 4).join() === '1,2'
  );
}

/**
 * Writes a mean or a sum over the pixels of a product as one `ChannelDot` of the two images, so that the product is never
 * kept. Its attribute `factor` is what the sum is multiplied by.
 */
export function fuseChannelDot(graph: Graph): Graph {
  const reads = countReads(graph);
  const products = new Map<number, readonly [Value, Value]>();
  const nodes = graph.nodes.map((node) => {
    const factors = factorsOf(node);
    const output = node.outputs[0]!;
    if (factors && reads(output) === 1) products.set(output.id, factors);
    const dot = isOverPixels(node) ? products.get(node.inputs[0]!.id) : undefined;
    if (!dot) return node;
    const [, height, width] = node.inputs[0]!.shape as [number, number, number, number];
    const factor = node.operation === 'Mean' ? 1 / (height * width) : 1;
    return { operation: 'ChannelDot', inputs: dot, attributes: { factor }, outputs: [output] };
  });
  return pruneGraph({ ...graph, nodes });
}
