import type { Attributes, DataType, GraphNode, Numbers, Value } from './graph.js';

export interface OutputType {
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

/** What the tracer knows when a kernel is called. */
export interface KernelCall {
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
}

/** One TensorFlow.js kernel: how it is recorded, and how each file format says the same. Nothing else of the package knows a dialect. */
export interface Operation {
  readonly kernel: string;
  /** Names of the kernel's inputs, in order; `'list'` where it takes any number. What a call leaves out is in `absentInputs`. */
  readonly inputs: readonly string[] | 'list';
  /** Shapes and types of the results. */
  infer(call: KernelCall): readonly OutputType[];
  toOnnx(node: GraphNode, onnx: OnnxBuilder): void;
  toTensorFlow: TensorFlowForm;
}

/**
 * Says a node in TensorFlow's operations.
 *
 * @param inputs Names of the tensors that hold the node's inputs.
 * @returns Names of the tensors that hold its outputs; a single one may stand alone.
 */
export type TensorFlowForm = (
  node: GraphNode,
  tensorFlow: TensorFlowBuilder,
  inputs: readonly string[],
) => string | readonly string[];

/** A node that no kernel records: passes over a graph that is to be written as ONNX put it where several were. */
export interface Composite {
  readonly operation: string;
  toOnnx(node: GraphNode, onnx: OnnxBuilder): void;
}

/** The same in a graph that is to be written for TensorFlow. */
export interface TensorFlowComposite {
  readonly operation: string;
  toTensorFlow: TensorFlowForm;
}

/**
 * `logical`: the axes as traced. `channels-first`: a rank-4 value with its last axis second, as ONNX convolutions want it.
 * `blocked`: ONNX says channels-first, but in memory the channels of a block lie together behind the pixels, as
 * onnxruntime's own convolutions want it; only where the channels divide by the block.
 */
export type Layout = 'logical' | 'channels-first' | 'blocked';

export type OnnxAttribute = number | string | { readonly float: number } | readonly number[];

/** What an operation may ask while it is written as ONNX. Transposes between layouts are made on demand and once. */
export interface OnnxBuilder {
  /** The name under which `value` can be read in that layout. */
  read(value: Value, layout?: Layout): string;
  /** Declares that `name` holds `value` in that layout. */
  write(value: Value, name: string, layout?: Layout): void;
  /** True when reading the value in that layout moves nothing while the graph runs. */
  isFree(value: Value, layout: Layout): boolean;
  /** True when the value exists in that layout already. */
  stands(value: Value, layout: Layout): boolean;
  /** Emits one node with one result and returns its name. A type of another domain is written `domain.Type`. */
  emit(type: string, inputs: readonly string[], attributes?: Readonly<Record<string, OnnxAttribute>>): string;
  /** The same with several results. */
  emitMany(
    type: string,
    inputs: readonly string[],
    options: { attributes?: Readonly<Record<string, OnnxAttribute>>; outputCount: number },
  ): string[];
  /** The same numbers in another shape; of several in a row the last one alone is emitted. */
  reshape(name: string, shape: readonly number[]): string;
  constant(data: Numbers | BigInt64Array, shape: readonly number[]): string;
  /** int64 vector, the form in which ONNX takes shapes and axes. */
  integers(values: readonly number[]): string;
  scalar(value: number, dtype?: DataType): string;
}

/** Numbers are TensorFlow's integers, strings its bytes. */
export type TensorFlowAttribute =
  | number
  | string
  | boolean
  | readonly number[]
  | { readonly float: number }
  | { readonly type: DataType | 'bfloat16' };

export type TensorFlowAttributes = Readonly<Record<string, TensorFlowAttribute>>;

/** What an operation may ask while it is written for TensorFlow. There is one memory order: that of the graph. */
export interface TensorFlowBuilder {
  /** Emits one operation with one result and returns its name. */
  emit(type: string, inputs: readonly string[], attributes?: TensorFlowAttributes): string;
  /** The same with several results. */
  emitMany(
    type: string,
    inputs: readonly string[],
    options: { attributes?: TensorFlowAttributes; outputCount: number },
  ): string[];
  /** Bytes are truth values. */
  constant(data: Numbers, shape: readonly number[]): string;
  /** int32 vector, the form in which TensorFlow takes shapes and axes. */
  integers(values: readonly number[]): string;
  scalar(value: number, dtype?: DataType): string;
}
