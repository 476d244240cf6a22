import { numberOf, numbersOf } from '../attributes.js';
import { sizeOf, type Graph, type GraphNode, type Numbers, type Value } from '../graph.js';

/** What a value is where it is known before the graph runs: a constant, one number repeated, a part of one, or one in another shape. */
export function constantOf(graph: Graph): (value: Value) => Numbers | undefined {
  const known = new Map<number, Numbers>(graph.constants.map(({ value, data }) => [value.id, data]));
  for (const node of graph.nodes) {
    if (node.operation === 'Fill') {
      const { shape } = node.outputs[0]!;
      known.set(node.outputs[0]!.id, new Float32Array(sizeOf(shape)).fill(numberOf(node.attributes, 'value')));
    }
    const data = node.inputs[0] && known.get(node.inputs[0].id);
    if (!data) continue;
    if (node.operation === 'Reshape' || node.operation === 'Identity') known.set(node.outputs[0]!.id, data);
    else if (isSplitOfVector(node)) {
      let first = 0;
      numbersOf(node.attributes, 'numOrSizeSplits').forEach((size, i) => {
        known.set(node.outputs[i]!.id, data.subarray(first, first + size));
        first += size;
      });
    }
  }
  return ({ id }) => known.get(id);
}

/** With as many sizes as parts; one number alone would be a count of equal parts. */
const isSplitOfVector = ({ operation, inputs, outputs, attributes }: GraphNode): boolean =>
  operation === 'SplitV' &&
  inputs[0]!.shape.length === 1 &&
  numbersOf(attributes, 'numOrSizeSplits').length === outputs.length;
