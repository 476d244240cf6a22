/** Element types a graph knows. `uint8` occurs at inputs only: the traced function sees it as float32. */
export type DataType = 'float32' | 'int32' | 'bool' | 'uint8';

export type Numbers = Float32Array | Int32Array | Uint8Array;

/** A tensor in a graph: known by identity, with its static shape. */
export interface Value {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

export type Attribute =
  | number
  | string
  | boolean
  | readonly number[]
  | readonly string[]
  | readonly (readonly number[])[]
  | undefined;
export type Attributes = Readonly<Record<string, Attribute>>;

/** One operation, with the words and the meaning of TensorFlow.js kernels (activations are height, width, channels). */
export interface GraphNode {
  readonly operation: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
}

export interface GraphConstant {
  readonly value: Value;
  readonly data: Numbers;
}

/** What a traced function does, free of any file format: nodes in an order in which they can be run. */
export interface Graph {
  readonly inputs: readonly { readonly name: string; readonly value: Value }[];
  readonly constants: readonly GraphConstant[];
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
}

export type GraphErrorCode = 'OPERATION_UNSUPPORTED' | 'TRACE_INVALID';

/** What this package throws. `OPERATION_UNSUPPORTED` names the operation and the line it was called from. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code: GraphErrorCode;

  constructor(code: GraphErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Keeps what the outputs depend on, and nothing else. */
export function pruneGraph(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map(({ value }) => value.id));
  const kept: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ id }) => needed.has(id))) continue;
    kept.push(node);
    for (const { id } of node.inputs) needed.add(id);
  }
  return { ...graph, nodes: kept.toReversed(), constants: graph.constants.filter(({ value }) => needed.has(value.id)) };
}
