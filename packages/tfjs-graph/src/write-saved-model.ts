import { reluGrad } from './composites/relu-grad.js';
import { GraphError, type DataType, type Graph, type GraphNode, type Value } from './graph.js';
import type { TensorFlowForm } from './operation.js';
import { operations } from './operations.js';
import { distributeConcat } from './passes/distribute-concat.js';
import { fuseReluGrad } from './passes/fuse-relu-grad.js';
import { growAfterwards, grownImages } from './passes/grow-afterwards.js';
import { removeIdentities } from './passes/remove-identities.js';
import { inBfloat16, isConvolution } from './tensorflow/convolutions-in-bfloat16.js';
import { TENSORFLOW_TYPES } from './tensorflow/element-types.js';
import { encodeSavedModel } from './tensorflow/saved-model-proto.js';
import { shapeMessage, TensorFlowNodes } from './tensorflow/tensor-flow-nodes.js';
import { assignVariable, declareVariable, readVariable } from './tensorflow/variables.js';

/** The word by which a loader asks for the graph. */
export const SAVED_MODEL_TAG = 'serve';

/** Version of the graph format, as a recent TensorFlow writes it; any that the runtime knows will do. */
const PRODUCER = 1882;

/** In what convolutions and their gradients are computed; everything else is in float32. */
export type Convolutions = 'float32' | 'bfloat16';

export interface SavedModelOptions {
  /**
   * Names of values that stay in the runtime from one call to the next. For each the graph has an input `<name>` and an
   * output `next_<name>` of the same shape and type; `run` neither takes nor gives them.
   */
  readonly state?: readonly string[];
  /** `float32` unless told. */
  readonly convolutions?: Convolutions;
}

/** A tensor as a session is asked for it. */
export interface SavedModelTensor {
  /** Node and index, as in `run_input_0:0`. */
  readonly tensor: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

export interface SavedModelSignature {
  /** What has to be fed; never empty, since the binding of tfjs-node feeds at least one tensor. */
  readonly inputs: Readonly<Record<string, SavedModelTensor>>;
  readonly outputs: Readonly<Record<string, SavedModelTensor>>;
}

export interface SavedModelSignatures {
  /** The graph. All state moves on to `next_<name>`, whichever outputs are asked for. */
  readonly run: SavedModelSignature;
  /** Sets the state; gives `loaded`, which is true. Absent without state. */
  readonly load?: SavedModelSignature;
  /** Gives the state. Absent without state. */
  readonly read?: SavedModelSignature;
}

type Named = readonly (readonly [string, SavedModelTensor])[];

const tensorOf = (node: string, { dtype, shape }: Pick<Value, 'dtype' | 'shape'>): SavedModelTensor => ({
  tensor: `${node}:0`,
  dtype,
  shape,
});

const nodeOf = ({ tensor }: SavedModelTensor): string => tensor.slice(0, tensor.indexOf(':'));

/** A scalar that is fed where a signature needs nothing; its number is not looked at. */
const CALL = ['call', tensorOf('call', { dtype: 'float32', shape: [] })] as const;

const LOADED = ['loaded', tensorOf('loaded', { dtype: 'bool', shape: [] })] as const;

/**
 * Which tensors of the SavedModel of a graph are fed and fetched, signature by signature, under the graph's own names.
 *
 * @throws {GraphError} `TRACE_INVALID` where the graph has no such state.
 */
export function savedModelTensors(
  graph: Graph,
  { state = [] }: Pick<SavedModelOptions, 'state'> = {},
): SavedModelSignatures {
  const variables = variablesOf(graph, state);
  const kept = new Set(variables.flatMap(({ name, next }) => [name, next]));
  const tensors = (of: Graph['inputs'], prefix: string): Named =>
    of.flatMap(({ name, value }, i) => (kept.has(name) ? [] : [[name, tensorOf(`${prefix}_${i}`, value)]]));
  const signature = (inputs: Named, outputs: Named): SavedModelSignature => ({
    inputs: Object.fromEntries(inputs.length === 0 ? [CALL] : inputs),
    outputs: Object.fromEntries(outputs),
  });
  const run = signature(tensors(graph.inputs, 'run_input'), tensors(graph.outputs, 'run_output'));
  if (variables.length === 0) return { run };
  const each = (prefix: string): Named =>
    variables.map(({ name, former }, i) => [name, tensorOf(`${prefix}_${i}`, former)]);
  return { run, load: signature(each('load_input'), [LOADED]), read: signature([], each('read_output')) };
}

interface Variable {
  readonly name: string;
  /** Name of the output that it moves on to. */
  readonly next: string;
  readonly former: Value;
  readonly latter: Value;
}

function variablesOf({ inputs, outputs }: Graph, state: readonly string[]): Variable[] {
  const faults: string[] = [];
  const variables = state.flatMap((name) => {
    const next = `next_${name}`;
    const former = inputs.find((input) => input.name === name)?.value;
    const latter = outputs.find((output) => output.name === next)?.value;
    if (!former) faults.push(`there is no input "${name}"`);
    if (!latter) faults.push(`there is no output "${next}"`);
    if (!former || !latter) return [];
    if (typeOf(former) !== typeOf(latter)) faults.push(`"${name}" is ${typeOf(former)}, "${next}" ${typeOf(latter)}`);
    return [{ name, next, former, latter }];
  });
  if (new Set(state).size < state.length) faults.push('a name is given twice');
  if (faults.length > 0)
    throw new GraphError('TRACE_INVALID', `Cannot keep ${state.join(', ')} as state: ${faults.join('; ')}`);
  return variables;
}

const typeOf = ({ dtype, shape }: Value): string => `${dtype} ${JSON.stringify(shape)}`;

const forms = new Map<string, TensorFlowForm>([
  ...operations.map(({ kernel, toTensorFlow }) => [kernel, toTensorFlow] as const),
  [reluGrad.operation, reluGrad.toTensorFlow],
]);

/**
 * Writes a graph as a TensorFlow SavedModel. Equal graphs give equal bytes.
 *
 * There are no functions and no checkpoint in it: state lives in variables, which `load` sets before the first `run`.
 * `savedModelTensors` names what is fed and fetched.
 *
 * @returns Files by their path within the model's folder.
 * @throws {GraphError} `TRACE_INVALID` where the graph has no such state.
 */
export function writeSavedModel(graph: Graph, options: SavedModelOptions = {}): ReadonlyMap<string, Uint8Array> {
  const signatures = savedModelTensors(graph, options);
  const rewritten = forTensorFlow(graph);
  const nodes = new TensorFlowNodes(rewritten.constants);
  addPlaceholders(signatures, nodes);
  const settled = addVariables(variablesOf(graph, options.state ?? []), signatures, nodes);
  for (const { name, value } of graph.inputs) {
    const tensor = signatures.run.inputs[name];
    if (tensor) nodes.write(value, nodeOf(tensor));
  }
  for (const node of rewritten.nodes) addNode(node, nodes, options);
  const moved = settled();
  for (const { name, value } of graph.outputs) {
    const tensor = signatures.run.outputs[name];
    if (tensor) nodes.publish(nodeOf(tensor), { value, source: nodes.read(value), after: moved });
  }
  return new Map([['saved_model.pb', encode(signatures, nodes)]]);
}

/** What pays there: TensorFlow's own rewriting finds the rest. */
function forTensorFlow(graph: Graph): Graph {
  const plain = removeIdentities(graph);
  const isGrown = grownImages(plain);
  const parts = distributeConcat(plain, (joined) => joined.some(isGrown));
  return fuseReluGrad(growAfterwards(parts, { divisor: 1, form: 'squares' }));
}

function addPlaceholders(signatures: SavedModelSignatures, nodes: TensorFlowNodes): void {
  const fed = Object.values(signatures).flatMap(({ inputs }: SavedModelSignature) => Object.values(inputs));
  for (const [name, tensor] of new Map(fed.map((one) => [nodeOf(one), one])))
    nodes.add({
      name,
      op: 'Placeholder',
      input: [],
      attr: { dtype: { type: TENSORFLOW_TYPES[tensor.dtype] }, shape: { shape: shapeMessage(tensor.shape) } },
    });
}

/** Adds variables with what `load` and `read` do to them; the result, called when the next values are written, moves them on. */
function addVariables(
  variables: readonly Variable[],
  { load, read }: SavedModelSignatures,
  nodes: TensorFlowNodes,
): () => readonly string[] {
  if (!load || !read) return () => [];
  const declared = variables.map((variable, index) => ({
    ...variable,
    handle: declareVariable({ name: variable.name, type: variable.former, index }, nodes),
  }));
  const loaded = declared.map(({ name, handle, former }) =>
    assignVariable({ handle, type: former, source: nodeOf(load.inputs[name]!) }, nodes),
  );
  const [name, tensor] = LOADED;
  nodes.publish(name, { value: tensor, source: nodes.scalar(1, 'bool'), after: loaded });
  for (const { name: variable, handle, former } of declared)
    readVariable({ handle, type: former, node: nodeOf(read.outputs[variable]!) }, nodes);
  const reads = declared.map(({ handle, former }, i) => {
    const node = readVariable({ handle, type: former, node: `run_state_${i}` }, nodes);
    nodes.write(former, node);
    return node;
  });
  return () => {
    const sources = declared.map(({ latter }) => nodes.read(latter));
    // Behind every read, since a next value may not depend on the former one; behind every next value, so that a run that fails
    // moves nothing on.
    const after = [...reads, ...sources];
    return declared.map(({ handle, former }, i) =>
      assignVariable({ handle, type: former, source: sources[i]!, after }, nodes),
    );
  };
}

function addNode(node: GraphNode, nodes: TensorFlowNodes, { convolutions }: SavedModelOptions): void {
  const plain = forms.get(node.operation);
  if (!plain) throw new Error(`Bug: operation "${node.operation}" was recorded but cannot be written`);
  const form = convolutions === 'bfloat16' && isConvolution(node.operation) ? inBfloat16(plain) : plain;
  const names = form(
    node,
    nodes,
    node.inputs.map((value) => nodes.read(value)),
  );
  [names].flat().forEach((name, i) => nodes.write(node.outputs[i]!, name));
}

function encode(signatures: SavedModelSignatures, { nodes }: TensorFlowNodes): Uint8Array {
  const infos = (tensors: SavedModelSignature['inputs']) =>
    Object.fromEntries(
      Object.entries(tensors).map(([key, { tensor, dtype, shape }]) => [
        key,
        { name: tensor, dtype: TENSORFLOW_TYPES[dtype], tensorShape: shapeMessage(shape) },
      ]),
    );
  const signatureDef = Object.fromEntries(
    Object.entries(signatures).map(([name, { inputs, outputs }]: [string, SavedModelSignature]) => [
      name,
      { inputs: infos(inputs), outputs: infos(outputs), methodName: 'tensorflow/serving/predict' },
    ]),
  );
  return encodeSavedModel({
    savedModelSchemaVersion: 1,
    metaGraphs: [
      {
        metaInfoDef: { tags: [SAVED_MODEL_TAG] },
        graphDef: { node: nodes, versions: { producer: PRODUCER } },
        signatureDef,
      },
    ],
  });
}
