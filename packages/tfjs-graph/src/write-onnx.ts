import { writeBlocked } from './blocked/formulations.js';
import { accumulatedConvolution } from './composites/accumulated-convolution.js';
import { channelAffine } from './composites/channel-affine.js';
import { channelDot } from './composites/channel-dot.js';
import { interleavePixels, pixelPhase } from './composites/pixel-phases.js';
import type { ConvolutionRange } from './eight-bits/convolution-ranges.js';
import { EIGHT_BIT_DOMAIN, eightBitOperations } from './eight-bits/eight-bit-operations.js';
import { takeMeansFirst } from './eight-bits/means-first.js';
import { formsInRows } from './eight-bits/rows-of-channels.js';
import { useEightBits } from './eight-bits/use-eight-bits.js';
import type { Graph, Value } from './graph.js';
import { ELEMENT_TYPES } from './onnx/element-types.js';
import { encodeModel } from './onnx/model-proto.js';
import { BLOCKED_DOMAIN, NodeList } from './onnx/node-list.js';
import type { Operation } from './operation.js';
import { operations } from './operations.js';
import { accumulateConvolutions } from './passes/accumulate-convolutions.js';
import { fuseChannelAffine } from './passes/channel-affine.js';
import { fuseChannelDot } from './passes/channel-dot.js';
import { distributeConcat, dividesBy } from './passes/distribute-concat.js';
import { growAfterwards } from './passes/grow-afterwards.js';
import { joinNarrowConvolutions } from './passes/join-narrow-convolutions.js';
import { removeIdentities } from './passes/remove-identities.js';

/** Operator set 17 is read by every onnxruntime since 1.12; file format 8 goes with it. */
const OPSET = 17;
const IR_VERSION = 8;

const writers = new Map<string, Operation['toOnnx']>([
  ...operations.map(({ kernel, toOnnx }) => [kernel, toOnnx] as const),
  ...[accumulatedConvolution, channelAffine, channelDot, interleavePixels, pixelPhase, ...eightBitOperations].map(
    ({ operation, toOnnx }) => [operation, toOnnx] as const,
  ),
]);

export interface OnnxOptions {
  readonly graphName?: string;
  /** Who wrote the file, as viewers show it. */
  readonly producer?: string;
  /** Other ways to write some operations, by kernel: a faster form for one runtime, or a slower one to check it against. */
  readonly formulations?: Readonly<Record<string, Operation['toOnnx']>>;
  /**
   * Channels of a block of onnxruntime's own convolutions on the machine that is to run the file, 8 or 16: images then
   * lie in blocks wherever their channels divide by it, which is faster. The file fits that machine's kind only: **a
   * wrong block gives wrong numbers without a word**. `findChannelBlock` finds it. Absent: standard operators only.
   */
  readonly channelBlock?: number;
  /**
   * Convolutions with constant filters in 8 bits, of which the ranges must be those that `rangeGraph` found of this graph.
   * Images then keep their channels last, and `channelBlock` says nothing. The file needs onnxruntime, and is faster
   * than blocks where the processor has instructions for 8 bits (VNNI).
   */
  readonly ranges?: readonly ConvolutionRange[];
}

/**
 * Writes a graph as an ONNX file (operator set 17). Equal graphs give equal bytes.
 *
 * Inputs and outputs keep their names, shapes and axis order. Inside, activations stay channels-first from one
 * convolution to the next: transposes appear only where the traced function needs the other order.
 */
export function writeOnnx(traced: Graph, options: OnnxOptions = {}): Uint8Array {
  const { node, initializer } = writeNodes(traced, options);
  return encodeFile(
    {
      node,
      initializer,
      input: traced.inputs.map((input) => valueInfo(input)),
      output: traced.outputs.map((output) => valueInfo(output)),
    },
    options,
  );
}

/** The nodes and constants of a graph, as messages of the format. */
export interface WrittenNodes {
  readonly node: readonly object[];
  readonly initializer: readonly object[];
}

/** @param prefix Before the name of every input and output. */
export function writeNodes(traced: Graph, options: OnnxOptions, prefix = ''): WrittenNodes {
  const { ranges } = options;
  const channelBlock = ranges ? undefined : options.channelBlock;
  const formulations = { ...(ranges && formsInRows), ...options.formulations };
  const graph = ranges
    ? inEightBits(traced, ranges)
    : channelBlock === undefined
      ? traced
      : forBlocks(traced, channelBlock);
  const onnx = new NodeList(graph.constants);
  for (const { name, value } of graph.inputs) onnx.declareInput(value, `${prefix}${name}`);
  for (const node of graph.nodes) {
    const write = formulations[node.operation] ?? writers.get(node.operation);
    if (!write) throw new Error(`Bug: operation "${node.operation}" was recorded but cannot be written`);
    const isBlocked = channelBlock !== undefined && writeBlocked(node, onnx, channelBlock);
    if (!isBlocked) write(node, onnx);
  }
  for (const { name, value } of graph.outputs) onnx.publish(`${prefix}${name}`, onnx.read(value));

  const nodes = used(
    onnx,
    graph.outputs.map(({ name }) => `${prefix}${name}`),
  );
  const read = new Set(nodes.flatMap(({ input }) => input));
  return {
    node: nodes.map((node, i) => ({ ...node, name: `${node.opType}_${i}` })),
    initializer: onnx.initialisers.filter(({ name }) => read.has(name)),
  };
}

/** A whole file around a graph, given as a message of the format without its name. */
export function encodeFile(graph: object, options: OnnxOptions): Uint8Array {
  const { graphName = 'graph', producer = 'tfjs-graph', ranges, channelBlock } = options;
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: producer,
    opsetImport: [
      { domain: '', version: OPSET },
      ...(channelBlock === undefined || ranges ? [] : [{ domain: BLOCKED_DOMAIN, version: 1 }]),
      ...(ranges ? [{ domain: EIGHT_BIT_DOMAIN, version: 1 }] : []),
    ],
    graph: { name: graphName, ...graph },
  });
}

/** What pays where images stand in blocks. */
function forBlocks(graph: Graph, block: number): Graph {
  const joined = joinNarrowConvolutions(removeIdentities(graph), block);
  const parts = distributeConcat(joined, dividesBy(block));
  const small = accumulateConvolutions(growAfterwards(parts, { divisor: block, form: 'phases' }));
  return fuseChannelAffine(fuseChannelDot(small));
}

/** What pays where convolutions are in 8 bits and channels last. */
function inEightBits(graph: Graph, ranges: readonly ConvolutionRange[]): Graph {
  const convolved = useEightBits(removeIdentities(graph), ranges);
  return fuseChannelAffine(fuseChannelDot(takeMeansFirst(convolved)));
}

/** What nobody read in the end is left out. */
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

/**
 * An input or output as a message of the format.
 *
 * @param options.prefix Before its name.
 * @param options.leading Name of a first axis before the value's own, whose length may differ from run to run.
 */
export function valueInfo(
  { name, value }: { readonly name: string; readonly value: Pick<Value, 'shape' | 'dtype'> },
  { prefix = '', leading }: { prefix?: string; leading?: string } = {},
): object {
  const dim = [
    ...(leading === undefined ? [] : [{ dimParam: leading }]),
    ...value.shape.map((dimValue) => ({ dimValue })),
  ];
  return { name: `${prefix}${name}`, type: { tensorType: { elemType: ELEMENT_TYPES[value.dtype], shape: { dim } } } };
}
