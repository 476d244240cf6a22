import type { Graph, GraphNode } from '../graph.js';
import { wordsOf } from './share-nodes.js';

/**
 * Finds nodes that say the same of inputs that are alike; constants are alike where shape and type are. So are the members
 * of an ensemble, node by node. Of nodes that are alike none depends on another: what it says would be longer.
 *
 * @returns Sets in the order of the graph, as are the nodes of each. Nodes of constants only are left out.
 */
export function findAlike({ inputs, constants, nodes }: Graph): GraphNode[][] {
  const sets = new Map<string, GraphNode[]>();
  /** What is said of a value, as a number. */
  const said = new Map<number, number>(inputs.map(({ value }, i) => [value.id, i]));
  const constant = new Set(constants.map(({ value }) => value.id));
  const numbers = new Map<string, number>();
  const numberOf = (words: string): number => {
    const known = numbers.get(words) ?? inputs.length + numbers.size;
    numbers.set(words, known);
    return known;
  };
  for (const node of nodes) {
    if (node.inputs.every(({ id }) => constant.has(id))) {
      for (const { id } of node.outputs) constant.add(id);
      continue;
    }
    const words = wordsOf([
      node.operation,
      node.inputs.map(({ id, shape, dtype }) => [constant.has(id) ? dtype : said.get(id), shape]),
      node.attributes,
    ]);
    node.outputs.forEach(({ id }, i) => said.set(id, numberOf(`${words} ${i}`)));
    sets.set(words, [...(sets.get(words) ?? []), node]);
  }
  return [...sets.values()];
}
