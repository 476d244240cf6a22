import { pruneGraph, type Graph, type GraphNode, type Value } from '../graph.js';
import { axisOf } from '../operations/families/layout.js';
import { GraphWriter } from './graph-edit.js';

const CHANNELS = 3;

/**
 * Takes convolutions of channels joined apart into convolutions of the parts: Σ over parts of part ∗ filter rows. The
 * gradients follow: the filter's is joined from the parts', each part's image gets its own. What the parts are can then be
 * seen: see `growAfterwards`.
 *
 * @param isWorth Where that pays, by the parts that are joined or whose gradients are split.
 */
export function distributeConcat(graph: Graph, isWorth: (parts: readonly Value[]) => boolean): Graph {
  const writer = new GraphWriter(graph);
  const joined = new Map<number, readonly Value[]>();
  const splits = splitsOf(graph, isWorth);
  for (const node of graph.nodes) {
    const parts = joined.get(node.inputs[0]?.id ?? -1);
    const split = splits.get(node.outputs[0]!.id);
    if (isJoinOfChannels(node) && isWorth(node.inputs)) joined.set(node.outputs[0]!.id, node.inputs);
    if (node.operation === 'Conv2D' && parts) convolveParts(node, parts, writer);
    else if (node.operation === 'Conv2DBackpropFilter' && parts) filterGradientOfParts(node, parts, writer);
    else if (split?.operation === 'SplitV' && node.operation === 'Conv2DBackpropInput')
      imageGradients(node, split.outputs, writer);
    else if (splits.get(node.inputs[0]?.id ?? -1) !== node) writer.nodes.push(node);
  }
  return pruneGraph(writer.finish());
}

export const isJoinOfChannels = ({ operation, inputs, attributes, outputs }: GraphNode): boolean =>
  operation === 'Concat' &&
  outputs[0]!.shape.length === 4 &&
  axisOf(attributes, 4) === CHANNELS &&
  inputs.every(({ dtype }) => dtype === 'float32');

/** For parts whose channels divide by a number. */
export const dividesBy =
  (divisor: number) =>
  (parts: readonly Value[]): boolean =>
    parts.every(({ shape }) => shape[CHANNELS]! % divisor === 0);

/** Gradients of images that are split by channels and not read otherwise, with the node that splits them. */
function splitsOf(
  { nodes, outputs }: Graph,
  isWorth: (parts: readonly Value[]) => boolean,
): ReadonlyMap<number, GraphNode> {
  const readers = new Map<number, GraphNode[]>();
  for (const node of nodes) for (const { id } of node.inputs) readers.set(id, [...(readers.get(id) ?? []), node]);
  const published = new Set(outputs.map(({ value }) => value.id));
  const gradients = nodes.filter(({ operation }) => operation === 'Conv2DBackpropInput');
  return new Map(
    gradients.flatMap(({ outputs: [image] }) => {
      const [reader, ...more] = readers.get(image!.id) ?? [];
      const isSplit = reader?.operation === 'SplitV' && more.length === 0 && !published.has(image!.id);
      return isSplit && axisOf(reader.attributes, 4) === CHANNELS && isWorth(reader.outputs)
        ? [[image!.id, reader] as const]
        : [];
    }),
  );
}

/** For each part the rows of the filter that read its channels. */
function rowsOfParts(parts: readonly Value[], filter: Value, writer: GraphWriter): Value[] {
  const [height, width, , outputs] = filter.shape as [number, number, number, number];
  let from = 0;
  return parts.map(({ shape }) => {
    const size = [height, width, shape[CHANNELS]!, outputs];
    const rows = writer.add('Slice', [filter], { shape: size, attributes: { begin: [0, 0, from, 0], size } });
    from += shape[CHANNELS]!;
    return rows;
  });
}

function convolveParts({ inputs, attributes, outputs }: GraphNode, parts: readonly Value[], writer: GraphWriter): void {
  const { shape } = outputs[0]!;
  const filters = rowsOfParts(parts, inputs[1]!, writer);
  const convolved = parts.map((part, i) => writer.add('Conv2D', [part, filters[i]!], { shape, attributes }));
  const last = convolved.pop()!;
  const sum = convolved.reduce<Value | undefined>((a, b) => (a ? writer.add('Add', [a, b], { shape }) : b), undefined);
  writer.nodes.push({ operation: 'Add', inputs: [sum!, last], attributes: {}, outputs });
}

function filterGradientOfParts(
  { inputs, attributes, outputs }: GraphNode,
  parts: readonly Value[],
  writer: GraphWriter,
): void {
  const [height, width, , filters] = outputs[0]!.shape as [number, number, number, number];
  const gradients = parts.map((part) => {
    const shape = [height, width, part.shape[CHANNELS]!, filters];
    return writer.add('Conv2DBackpropFilter', [part, inputs[1]!], {
      shape,
      attributes: { ...attributes, filterShape: shape },
    });
  });
  writer.nodes.push({ operation: 'Concat', inputs: gradients, attributes: { axis: 2 }, outputs });
}

function imageGradients(
  { inputs: [dy, filter], attributes }: GraphNode,
  parts: readonly Value[],
  writer: GraphWriter,
): void {
  rowsOfParts(parts, filter!, writer).forEach((rows, i) =>
    writer.nodes.push({
      operation: 'Conv2DBackpropInput',
      inputs: [dy!, rows],
      attributes: { ...attributes, inputShape: parts[i]!.shape },
      outputs: [parts[i]!],
    }),
  );
}
