import type { Attributes, DataType, Graph, GraphConstant, GraphNode, Value } from '../graph.js';

/** How often each value is read, outputs of the graph included. */
export function countReads({ nodes, outputs }: Pick<Graph, 'nodes' | 'outputs'>): (value: Value) => number {
  const reads = new Map<number, number>();
  for (const { id } of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ value }) => value)])
    reads.set(id, (reads.get(id) ?? 0) + 1);
  return ({ id }) => reads.get(id) ?? 0;
}

interface Added {
  readonly shape: readonly number[];
  readonly attributes?: Attributes;
  readonly dtype?: DataType;
}

/** A graph as a pass writes it anew, node by node, with identities for values that it adds. */
export class GraphWriter {
  readonly nodes: GraphNode[] = [];
  readonly #graph: Graph;
  readonly #constants: GraphConstant[] = [];
  #lastId: number;

  constructor(graph: Graph) {
    this.#graph = graph;
    const given = [...graph.inputs, ...graph.constants].map(({ value }) => value);
    const values = [...given, ...graph.nodes.flatMap(({ outputs }) => outputs)];
    this.#lastId = values.reduce((last, { id }) => Math.max(last, id), 0);
  }

  /** Adds a node with a result of its own, float32 unless told. */
  add(operation: string, inputs: readonly Value[], { shape, attributes = {}, dtype = 'float32' }: Added): Value {
    const output = this.#newValue(shape, dtype);
    this.nodes.push({ operation, inputs, attributes, outputs: [output] });
    return output;
  }

  constant(data: Float32Array | Int32Array, shape: readonly number[]): Value {
    const value = this.#newValue(shape, data instanceof Int32Array ? 'int32' : 'float32');
    this.#constants.push({ value, data });
    return value;
  }

  finish(): Graph {
    return { ...this.#graph, constants: [...this.#graph.constants, ...this.#constants], nodes: this.nodes };
  }

  #newValue(shape: readonly number[], dtype: DataType): Value {
    this.#lastId++;
    return { id: this.#lastId, shape, dtype };
  }
}
