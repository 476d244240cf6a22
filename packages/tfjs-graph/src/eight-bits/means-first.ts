import { pruneGraph, type Graph, type GraphNode, type Value } from '../graph.js';
import { isOverPixels } from '../passes/channel-dot.js';
import { GraphWriter } from '../passes/graph-edit.js';

/**
 * The mean over pixels of what is scaled and shifted by one number a channel is the mean, scaled and shifted. Written that
 * way round, the image itself is scaled where it is next read, together with what is done to it there.
 */
export function takeMeansFirst(graph: Graph): Graph {
  const writer = new GraphWriter(graph);
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map(({ id }) => [id, node] as const)));
  /** Nodes between the value and the image below all scalings of it, the last first. */
  const scalingsOf = (value: Value): GraphNode[] => {
    const node = producers.get(value.id);
    const isScaling = node && ['Add', 'Multiply'].includes(node.operation) && node.inputs[1]!.shape.length === 1;
    return isScaling ? [node, ...scalingsOf(node.inputs[0]!)] : [];
  };
  for (const node of graph.nodes) {
    const scalings = node.operation === 'Mean' && isOverPixels(node) ? scalingsOf(node.inputs[0]!).toReversed() : [];
    const image = scalings[0]?.inputs[0];
    if (!image) {
      writer.nodes.push(node);
      continue;
    }
    const flat = [image.shape[0]!, image.shape[3]!];
    const mean = writer.add('Mean', [image], { shape: flat, attributes: { axis: [1, 2], keepDims: false } });
    const scaled = scalings.reduce(
      (value, { operation, inputs }) => writer.add(operation, [value, inputs[1]!], { shape: flat }),
      mean,
    );
    const { shape } = node.outputs[0]!;
    writer.nodes.push({ operation: 'Reshape', inputs: [scaled], attributes: { shape }, outputs: node.outputs });
  }
  return pruneGraph(writer.finish());
}
