import type { Graph, Value } from './graph.js';
import { ELEMENT_TYPES } from './onnx/element-types.js';
import { encodeModel } from './onnx/model-proto.js';
import { NodeList } from './onnx/node-list.js';
import type { Operation } from './operation.js';
import { operations } from './operations.js';

/** Operator set 17 is read by every onnxruntime since 1.12; file format 8 goes with it. */
const OPSET = 17;
const IR_VERSION = 8;

const byKernel = new Map(operations.map((operation) => [operation.kernel, operation]));

export interface OnnxOptions {
  readonly graphName?: string;
  /** Who wrote the file, as viewers show it. */
  readonly producer?: string;
  /** Other ways to write some operations, by kernel: a faster form for one runtime, or a slower one to check it against. */
  readonly formulations?: Readonly<Record<string, Operation['toOnnx']>>;
}

/**
 * Writes a graph as an ONNX file (operator set 17). Equal graphs give equal bytes.
 *
 * Inputs and outputs keep their names, shapes and axis order. Inside, activations stay channels-first from one
 * convolution to the next: transposes appear only where the traced function needs the other order.
 */
export function writeOnnx(
  graph: Graph,
  { graphName = 'graph', producer = 'tfjs-graph', formulations = {} }: OnnxOptions = {},
): Uint8Array {
  const onnx = new NodeList(graph.constants);
  for (const { name, value } of graph.inputs) onnx.declareInput(value, name);
  for (const node of graph.nodes) {
    const operation = byKernel.get(node.operation);
    if (!operation) throw new Error(`Bug: operation "${node.operation}" was recorded but cannot be written`);
    (formulations[node.operation] ?? operation.toOnnx)(node, onnx);
  }
  for (const { name, value } of graph.outputs) onnx.publish(name, onnx.read(value));

  return encodeModel({
    irVersion: IR_VERSION,
    producerName: producer,
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: graphName,
      node: used(
        onnx,
        graph.outputs.map(({ name }) => name),
      ).map((node, i) => ({ ...node, name: `${node.opType}_${i}` })),
      initializer: onnx.initialisers,
      input: graph.inputs.map(({ name, value }) => valueInfo(name, value)),
      output: graph.outputs.map(({ name, value }) => valueInfo(name, value)),
    },
  });
}

/** A transpose that nobody read in the end is left out. */
function used(onnx: NodeList, outputs: readonly string[]): NodeList['nodes'] {
  const needed = new Set(outputs);
  const kept: NodeList['nodes'] = [];
  for (const node of onnx.nodes.toReversed()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    kept.push(node);
    for (const name of node.input) needed.add(name);
  }
  return kept.toReversed();
}

function valueInfo(name: string, { shape, dtype }: Value): object {
  return {
    name,
    type: { tensorType: { elemType: ELEMENT_TYPES[dtype], shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
  };
}
